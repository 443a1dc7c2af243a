// A run as a waterfall: what it and the runs below it did, and when.
import { html, useState, Rows, Status, duration, count, money, visible } from './ui.js';

const HEIGHT = 34;

/** Spans in the order of a tree: each after the one that contains it. */
export function ordered(spans) {
  const below = new Map();
  for (const span of spans) {
    const key = span.parent_id || '';
    if (below.has(key)) below.get(key).push(span);
    else below.set(key, [span]);
  }
  const all = [];
  const add = (span, depth) => {
    all.push({ key: span.id, span, depth });
    (below.get(span.id) || []).forEach(each => add(each, depth + 1));
  };
  (below.get('') || []).forEach(span => add(span, 0));
  return all;
}

/** Beside the bar where there is room, else within it. */
function label(start, end) {
  return end < 86 ? { left: end + 0.6 + '%' } : start > 14 ? { right: 100.6 - start + '%' } : { right: 101 - end + '%', color: 'inherit' };
}

export function Timeline({ data }) {
  const [chosen, setChosen] = useState(null);
  const total = Math.max(data.duration || data.elapsed || 0, ...data.spans.map(each => each.start + (each.duration || 0)), 0.001);
  const part = seconds => Math.min(100, 100 * seconds / total);
  const row = ({ span, depth }) => {
    const width = Math.max(0.3, part(span.duration == null ? total - span.start : span.duration));
    return html`<button class="span ${chosen === span.id ? 'chosen' : ''}" onClick=${() => setChosen(chosen === span.id ? null : span.id)}
      aria-label=${`${span.kind} ${span.name}, from ${duration(span.start)}, ${duration(span.duration)}, ${span.status}`}>
      <span class="spanname ellipsis" style=${{ paddingLeft: Math.min(depth, 8) * 14 + 'px' }}><small>${span.kind}</small> ${visible(span.name)}</span>
      <span class="lane"><i class="k-${span.kind} ${span.status}" style=${{ left: part(span.start) + '%', width: Math.min(width, 100 - part(span.start)) + '%' }}></i>
        <em style=${label(part(span.start), Math.min(100, part(span.start) + width))}>${span.duration == null ? data.elapsed ? 'goes on' : 'no end' : duration(span.duration)}</em></span>
    </button>`;
  };
  const items = ordered(data.spans);
  const at = data.spans.find(each => each.id === chosen);
  return html`<div class="timeline" style=${{ '--rows': Math.min(items.length, 16) * HEIGHT + 'px' }}>
    <div class="axis"><span class="spanname"></span><span class="lane">${[0, 0.25, 0.5, 0.75].map(each => html`<small style=${{ left: each * 100 + '%' }}>${each ? duration(each * total) : '0'}</small>`)}</span></div>
    <${Rows} items=${items} height=${HEIGHT} row=${row} label="What the run did, by time" />
    ${at && html`<div class="spandetail"><b>${visible(at.name)}</b><${Status} value=${at.status} />
      <span>from ${duration(at.start) || '0'}, ${at.duration == null ? data.elapsed ? 'goes on' : 'no end' : duration(at.duration)}</span>
      ${at.first_token != null && html`<span>first token after ${duration(at.first_token)}</span>`}
      ${at.input_tokens != null && html`<span>${count(at.input_tokens)} in, ${count(at.output_tokens)} out</span>`}
      ${at.cost != null && html`<span>${money(at.cost)}</span>`}
      ${at.detail && html`<span dir="auto">${visible(at.detail)}</span>`}</div>`}
  </div>`;
}
