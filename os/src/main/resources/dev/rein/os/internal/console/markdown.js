// Markdown as nodes. Text of models never becomes HTML: what is not known Markdown is shown as the text that it is.
import { html, Component, useState, visible } from './ui.js';

/** The longest block. A longer one is split, so that a stream never parses more than this again. */
const LONGEST = 6000;
/** How many blocks are shown at first, the latest ones. */
const SHOWN = 250;

// ---- blocks

/** Markdown that grows. Each block is parsed once it is complete; only the last one is parsed again as text arrives. */
export class Markdown {
  constructor(text = '') {
    this.closed = [];
    this.tail = '';
    this.length = 0;
    this.append(text);
  }

  append(text) {
    if (!text) return;
    this.length += text.length;
    this.tail += text.replace(/\r\n?/g, '\n');
    for (let end = this.boundary(); end; end = this.boundary()) {
      const block = this.tail.slice(0, end.at);
      this.tail = end.again + this.tail.slice(end.at);
      if (block.trim()) this.closed.push(block);
    }
  }

  /** Where the first block of the tail ends, and what the next one begins with; null if it is not complete. */
  boundary() {
    const tail = this.tail;
    const fence = /^\s{0,3}(```|~~~)[^\n]*\n/.exec(tail);
    if (fence) {
      const close = tail.indexOf('\n' + fence[1], fence[0].length - 1);
      if (close >= 0) {
        const line = tail.indexOf('\n', close + 1);
        if (line >= 0) return { at: line + 1, again: '' };
      }
      return tail.length > LONGEST + 200 ? { at: this.cut(), again: fence[0] } : null;
    }
    const blank = /\n[ \t]*\n|\n(?=\s{0,3}(```|~~~))/.exec(tail);
    if (blank && blank.index < LONGEST) return { at: blank.index + blank[0].length, again: '' };
    return tail.length > LONGEST ? { at: this.cut(), again: '' } : null;
  }

  cut() {
    const line = this.tail.lastIndexOf('\n', LONGEST);
    const space = this.tail.lastIndexOf(' ', LONGEST);
    const at = line > LONGEST / 2 ? line : space > LONGEST / 2 ? space : LONGEST - 1;
    // Never between the halves of a character.
    return at + (/[\ud800-\udbff]/.test(this.tail[at]) ? 2 : 1);
  }
}

/** Parsed again only when its text has changed. */
class Block extends Component {
  shouldComponentUpdate(next) {
    return next.text !== this.props.text;
  }

  render({ text }) {
    return html`<div class="block">${block(text)}</div>`;
  }
}

export function MarkdownView({ text }) {
  const [most, setMost] = useState(SHOWN);
  const hidden = Math.max(0, text.closed.length - most);
  return html`<div class="markdown ${text.closed.length > 60 ? 'long' : ''}" dir="auto">
    ${hidden > 0 && html`<button class="quiet" onClick=${() => setMost(most + SHOWN)}>Show earlier text (${hidden} blocks)</button>`}
    ${text.closed.slice(hidden).map((each, i) => html`<${Block} key=${hidden + i} text=${each} />`)}
    ${text.tail.trim() && html`<${Block} key=${text.closed.length} text=${text.tail} />`}
  </div>`;
}

function block(text) {
  const fence = /^\s{0,3}(```|~~~)([^\n]*)\n?([\s\S]*?)(\n\1[^\n]*\s*)?$/.exec(text);
  if (fence) {
    const code = fence[3];
    return html`<figure class="code">${fence[2].trim() && html`<figcaption>${visible(fence[2].trim())}</figcaption>`}
      <pre tabindex="0"><code>${visible(code)}</code></pre></figure>`;
  }
  const parts = [];
  const lines = text.replace(/\s+$/, '').split('\n');
  for (let i = 0; i < lines.length;) {
    const line = lines[i];
    if (!line.trim()) {
      i++;
      continue;
    }
    const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (heading) {
      // The page has headings of its own above these.
      parts.push(html`<p class="h${heading[1].length}">${inline(heading[2])}</p>`);
      i++;
    } else if (/^\s{0,3}([-*_])(\s*\1){2,}\s*$/.test(line)) {
      parts.push(html`<hr />`);
      i++;
    } else if (/^\s{0,3}>/.test(line)) {
      const from = i;
      while (i < lines.length && /^\s{0,3}>/.test(lines[i])) i++;
      parts.push(html`<blockquote>${lined(lines.slice(from, i).map(each => each.replace(/^\s{0,3}>+ ?/, '')))}</blockquote>`);
    } else if (ITEM.test(line)) {
      const from = i;
      while (i < lines.length && (ITEM.test(lines[i]) || (lines[i].trim() && /^\s+/.test(lines[i])))) i++;
      parts.push(list(lines.slice(from, i)));
    } else if (line.includes('|') && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1] || '') && lines[i + 1].includes('|')) {
      const from = i;
      i += 2;
      while (i < lines.length && lines[i].includes('|')) i++;
      parts.push(table(lines.slice(from, i)));
    } else {
      const from = i++;
      while (i < lines.length && lines[i].trim() && !/^\s{0,3}(#{1,6}\s|>)/.test(lines[i]) && !ITEM.test(lines[i])) i++;
      if (lines.slice(from, i).join('').trim()) parts.push(html`<p>${lined(lines.slice(from, i))}</p>`);
    }
  }
  return parts;
}

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+/;

const lined = lines => lines.map((line, i) => [i > 0 && html`<br />`, inline(line.trimEnd())]);

function list(lines) {
  const indent = ITEM.exec(lines[0])[1].length;
  const ordered = /^\s*\d/.test(lines[0]);
  const items = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item && item[1].length <= indent + 1) {
      items.push({ text: line.slice(item[0].length), more: [] });
    } else {
      items[items.length - 1].more.push(line);
    }
  }
  const rows = items.map(each => html`<li>${task(each.text)}${each.more.length > 0
    && (ITEM.test(each.more[0]) ? list(each.more) : [html`<br />`, lined(each.more.map(line => line.trim()))])}</li>`);
  return ordered ? html`<ol start=${parseInt(lines[0].trim(), 10)}>${rows}</ol>` : html`<ul>${rows}</ul>`;
}

function task(text) {
  const box = /^\[([ xX])\]\s+/.exec(text);
  return box ? [box[1] === ' ' ? '☐ ' : '☑ ', inline(text.slice(box[0].length))] : inline(text);
}

function table(lines) {
  const cells = line => line.trim().replace(/^\||\|$/g, '').split('|').map(each => inline(each.trim()));
  return html`<div class="table" tabindex="0"><table><thead><tr>${cells(lines[0]).map(each => html`<th>${each}</th>`)}</tr></thead>
    <tbody>${lines.slice(2).map(line => html`<tr>${cells(line).map(each => html`<td>${each}</td>`)}</tr>`)}</tbody></table></div>`;
}

// ---- text within a block

/** Every part is bounded, so that no text takes more than linear time. */
const INLINE = new RegExp([
  '\\\\([\\\\`*_\\[\\]()#+.!>~|-])',
  '``([^\\n]{1,1000}?)``|`([^`\\n]{1,2000})`',
  '\\*\\*((?=\\S)(?:[^*\\n]|\\*(?!\\*)){1,1000})\\*\\*',
  '\\*((?=\\S)[^*\\n]{1,1000})\\*',
  '(?<![\\w_])_((?=\\S)[^_\\n]{1,1000})_(?![\\w_])',
  '~~([^~\\n]{1,1000})~~',
  '!?\\[([^\\[\\]\\n]{1,500})\\]\\(([^()\\s]{1,2000})\\)',
  '(https?:\\/\\/[^\\s<>"\'`\\])]{1,2000})',
].join('|'), 'g');

function inline(text, depth = 0) {
  if (depth > 4) return visible(text);
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, escaped, code2, code, strong, em, em2, del, label, href, url] = found;
    if (found.index > from) parts.push(visible(text.slice(from, found.index)));
    from = found.index + whole.length;
    if (escaped) parts.push(escaped);
    else if (code2 || code) parts.push(html`<code>${visible(code2 || code)}</code>`);
    else if (strong) parts.push(html`<strong>${inline(strong, depth + 1)}</strong>`);
    else if (em || em2) parts.push(html`<em>${inline(em || em2, depth + 1)}</em>`);
    else if (del) parts.push(html`<del>${inline(del, depth + 1)}</del>`);
    else if (label) parts.push(link(href, inline(label, depth + 1), whole));
    else parts.push(link(url, visible(url), url));
  }
  if (from < text.length) parts.push(visible(text.slice(from)));
  return parts;
}

/** Only links to the web and to mail addresses are links; any other is the text that it was written as. */
function link(href, label, source) {
  return /^(https?:\/\/|mailto:)/i.test(href)
    ? html`<a href=${href} title=${visible(href)} target="_blank" rel="noopener noreferrer">${label}</a>`
    : visible(source);
}
