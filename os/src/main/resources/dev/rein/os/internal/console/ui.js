// What the views share: rendering, figures as text, and small components.
import { h, render, Component } from './preact.js';
import { useState, useEffect, useRef, useMemo, useCallback } from './hooks.js';
import htm from './htm.js';

export const html = htm.bind(h);
export { render, Component, useState, useEffect, useRef, useMemo, useCallback };

/** Renders a component again when something has changed, at most once per frame. */
export function useRepaint() {
  const [, set] = useState(0);
  const pending = useRef(0);
  useEffect(() => () => cancelAnimationFrame(pending.current), []);
  return useCallback(() => {
    if (!pending.current) {
      pending.current = requestAnimationFrame(() => {
        pending.current = 0;
        set(n => n + 1);
      });
    }
  }, []);
}

/** Calls work now and then every millis, and again at once when the page is shown; not while it is hidden. */
export function usePolling(work, millis, inputs = []) {
  useEffect(() => {
    let timer = 0, over = false;
    const next = async () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') await work();
      if (!over) timer = setTimeout(next, millis);
    };
    const shown = () => document.visibilityState === 'visible' && next();
    document.addEventListener('visibilitychange', shown);
    next();
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, inputs);
}

// ---- figures

export function duration(seconds) {
  if (seconds == null || !isFinite(seconds)) return '';
  const ms = seconds * 1000;
  if (ms < 1) return '<1 ms';
  if (ms < 1000) return Math.round(ms) + ' ms';
  if (seconds < 10) return seconds.toFixed(1) + ' s';
  if (seconds < 60) return Math.floor(seconds) + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min ' + Math.floor(seconds % 60) + ' s';
  return Math.floor(seconds / 3600) + ' h ' + Math.floor(seconds % 3600 / 60) + ' min';
}

export const count = n => n == null ? '' : n < 10000 ? String(n)
  : n < 1e6 ? (n / 1000).toFixed(n < 1e5 ? 1 : 0) + 'k' : (n / 1e6).toFixed(1) + 'M';

export const plural = (n, word) => count(n) + ' ' + word + (n === 1 ? '' : 's');

export const money = n => n == null ? '' : n === 0 ? '$0' : n < 0.0001 ? '<$0.0001' : n < 0.01 ? '$' + n.toFixed(4) : '$' + n.toFixed(2);

/** A time of the server, in seconds since 1970 or as text, for people. */
export function clock(time) {
  const date = new Date(typeof time === 'number' ? time * 1000 : time);
  const today = new Date().toDateString() === date.toDateString();
  return today ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
    : date.toLocaleString([], { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
}

export const short = id => id && id.length > 12 ? id.slice(0, 8) : id || '';

/**
 * Text of a model or a tool as it is shown: control characters as visible signs, and those that change the direction of what
 * follows by their number, so that no text can look like another one.
 */
export function visible(text) {
  return String(text)
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, c => c === '\r' ? '' : String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/[\u007f-\u009f]/g, '\ufffd')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, c => '[U+' + c.charCodeAt(0).toString(16).toUpperCase() + ']');
}

export function pretty(value) {
  if (value == null) return '';
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  if (/^\s*[{[]/.test(value) && value.length < 100000) {
    try {
      return JSON.stringify(JSON.parse(value), null, 2);
    } catch {
      // Not JSON: shown as it is.
    }
  }
  return value;
}

// ---- components

const PATHS = {
  run: 'M5 3l14 9-14 9z',
  live: 'M3 12h4l3-8 4 16 3-8h4',
  history: 'M12 7v5l3 2M3.5 12a8.5 8.5 0 1 0 2.6-6.1M3 4v4h4',
  approve: 'M4 12l5 5L20 6',
  server: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.5v.01M8 16.5v.01',
  stop: 'M7 7h10v10H7z',
  send: 'M12 20V5M6 11l6-6 6 6',
  clip: 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7',
  more: 'M6 12v.01M12 12v.01M18 12v.01',
  down: 'M6 9l6 6 6-6',
  tool: 'M14.5 6.5a4 4 0 0 0-5 5L4 17l3 3 5.5-5.5a4 4 0 0 0 5-5L15 12l-3-3z',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 5l-7 7 7 7',
};

export const Icon = ({ name, fill }) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"
  fill=${fill ? 'currentColor' : 'none'} stroke="currentColor" stroke-width=${name === 'more' ? 3 : 2} stroke-linecap="round"
  stroke-linejoin="round"><path d=${PATHS[name]} /></svg>`;

const WORDS = {
  PENDING: 'Queued', RUNNING: 'Running', PAUSED: 'Waits for you', COMPLETED: 'Completed', CANCELLED: 'Stopped', ERROR: 'Failed',
  STOPPING: 'Stopping',
};

export const Status = ({ value }) => html`<span class="status ${value}"><i></i>${WORDS[value] || value}</span>`;

export const Empty = ({ title, children }) => html`<div class="empty"><strong>${title}</strong><p>${children}</p></div>`;

export const Problem = ({ error, retry }) => error && html`<div class="problem" role="alert"><span>${visible(error.message || error)}</span>
  ${retry && html`<button class="quiet" onClick=${retry}>Try again</button>`}</div>`;

export const Code = ({ text, label }) => html`<pre tabindex="0" aria-label=${label}><code>${visible(cut(text, 20000))}</code></pre>`;

export function cut(text, most) {
  return text.length > most ? text.slice(0, most) + '\n… ' + count(text.length - most) + ' more characters' : text;
}

/** A dialog that takes the focus, and gives it back when it is closed. */
export function Dialog({ title, onClose, children }) {
  const at = useRef();
  useEffect(() => {
    const before = document.activeElement;
    at.current.showModal();
    return () => before && before.focus && before.focus();
  }, []);
  return html`<dialog ref=${at} aria-label=${title} onCancel=${e => { e.preventDefault(); onClose(); }}
    onClick=${e => e.target === at.current && onClose()}>
    <div class="dialog"><h2>${title}</h2>${children}</div>
  </dialog>`;
}

/** Renders only those of the rows, all of one height, that are in view. */
export function Rows({ items, height, row, label }) {
  const at = useRef();
  const [view, setView] = useState({ top: 0, size: 800 });
  const repaint = useRef(0);
  const look = () => {
    if (!repaint.current) {
      repaint.current = requestAnimationFrame(() => {
        repaint.current = 0;
        if (at.current) setView({ top: at.current.scrollTop, size: at.current.clientHeight });
      });
    }
  };
  useEffect(() => {
    look();
    addEventListener('resize', look);
    return () => {
      removeEventListener('resize', look);
      cancelAnimationFrame(repaint.current);
    };
  }, []);
  const from = Math.max(0, Math.floor(view.top / height) - 6);
  const to = Math.min(items.length, Math.ceil((view.top + view.size) / height) + 6);
  return html`<div class="rows" ref=${at} onScroll=${look} tabindex="0" role="list" aria-label=${label}>
    <div role="presentation" style=${{ height: items.length * height + 'px' }}>
      ${items.slice(from, to).map((item, i) => html`<div class="row" role="listitem" key=${item.key}
        style=${{ transform: `translateY(${(from + i) * height}px)`, height: height + 'px' }}>${row(item)}</div>`)}
    </div>
  </div>`;
}
