// A small chart of figures by minute.
import { html, count } from './ui.js';

const WIDTH = 300, HEIGHT = 72;

/** series: [[name, class, values]], stacked bars; the last value is the current minute. */
export function Chart({ title, series, format = count, total }) {
  const length = series[0][2].length;
  const sums = Array.from({ length }, (_, i) => series.reduce((sum, [, , values]) => sum + (values[i] || 0), 0));
  const most = Math.max(...sums, 1e-9);
  const width = WIDTH / length;
  return html`<figure class="chart"><figcaption><span>${title}</span><b>${total}</b></figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${title + ', last hour, at most ' + format(most < 1e-6 ? 0 : most) + ' a minute'}>
      ${sums.map((_, i) => {
    let y = HEIGHT;
    return series.map(([, name, values]) => {
      const height = (values[i] || 0) / most * (HEIGHT - 4);
      y -= height;
      return height > 0 && html`<rect class=${name} x=${i * width + 0.5} y=${y} width=${Math.max(1, width - 1)} height=${height} rx="0.8" />`;
    });
  })}
      <line x1="0" x2=${WIDTH} y1=${HEIGHT - 0.5} y2=${HEIGHT - 0.5} />
    </svg>
    ${series.length > 1 && html`<div class="legend">${series.map(([name, type]) => html`<small><i class=${type}></i>${name}</small>`)}</div>`}
  </figure>`;
}
