// All live runs as a tree, with what each of them does now, and the stop of each of them.
import { html, useState, useRef, Status, Empty, Problem, Dialog, Icon, Rows, Code, duration, count, money, plural, short, visible } from './ui.js';
import { post, stop } from './api.js';

const HEIGHT = 60;
/** How long an ended run stays in the list. */
const STAYS = 15000;

const MODES = [
  ['now', 'Now', 'Ends requests and tools at once'],
  ['after_tools', 'After the tools', 'Lets the tools that run finish'],
  ['after_turn', 'After the turn', 'Lets the response and its tools finish'],
  ['after_step', 'After the step', 'Lets the steps of a workflow that run finish'],
];

export function Modes({ value, onChange }) {
  return html`<fieldset class="modes"><legend>What may still finish</legend>${MODES.map(([id, word, hint]) => html`<label class="check">
    <input type="radio" name="mode" value=${id} checked=${value === id} onChange=${() => onChange(id)} />
    <span>${word}<small>${hint}</small></span></label>`)}</fieldset>`;
}

/** What the server has answered to a stop, in words. */
export function stopText(answer) {
  if (!answer) return '';
  if (answer.result === 'already_finished') return 'Had ended before';
  if (answer.status !== 'CANCELLED') return answer.status === 'COMPLETED' ? 'Completed before the stop took effect' : 'Stopping …';
  const parts = ['Stopped' + (answer.stop_seconds != null ? ' in ' + duration(answer.stop_seconds) : '')];
  const left = (answer.abandoned || []).length;
  parts.push(left ? plural(left, 'thread') + ' did not stop' : 'nothing left running');
  return parts.join(' · ');
}

export function StopResult({ answer }) {
  const left = answer && answer.abandoned || [];
  return html`<span class="stopped" role="status">${stopText(answer)}</span>
    ${left.map(each => html`<details class="stack"><summary>${visible(each.what)} did not stop: thread ${visible(each.thread)}</summary>
      <${Code} text=${each.stack.join('\n')} label="Stack" /></details>`)}`;
}

/** The rows: parents before their children, ended runs for a moment. */
function rows(runs, ended) {
  const ids = new Set(runs.map(run => run.run_id));
  const below = new Map();
  const roots = [];
  for (const run of [...runs, ...ended.filter(run => !ids.has(run.run_id))]) {
    const list = run.parent_run_id && below.get(run.parent_run_id);
    if (list) list.push(run);
    else if (run.parent_run_id) below.set(run.parent_run_id, [run]);
    else roots.push(run);
  }
  const all = [];
  const add = (run, depth) => {
    all.push({ key: run.run_id, run, depth });
    const list = below.get(run.run_id);
    if (list) {
      below.delete(run.run_id);
      list.forEach(each => add(each, depth + 1));
    }
  };
  roots.forEach(run => add(run, 0));
  // Members whose parent has just ended.
  for (const list of [...below.values()]) list.forEach(run => all.some(each => each.key === run.run_id) || add(run, 0));
  return all;
}

export function activity(run) {
  if (run.before != null) return 'queued, ' + (run.before ? count(run.before) + ' before it' : 'the next one');
  if (run.rate && run.activity.startsWith('waiting for ')) return 'streaming ' + run.rate.toFixed(0) + ' tok/s · ' + visible(run.activity.slice(12));
  return visible(run.activity) + (run.activity_seconds >= 0.5 ? ' for ' + duration(run.activity_seconds) : '');
}

export function LiveView({ live, name, refresh, open }) {
  const [asking, setAsking] = useState(null);
  const [answers] = useState(() => new Map());
  const [, again] = useState(0);
  const [filter, setFilter] = useState('');
  const gone = useRef(new Map());
  // Runs that were in the list before.
  const now = Date.now();
  const ids = new Set(live.runs.map(run => run.run_id));
  for (const run of live.runs) gone.current.set(run.run_id, { run, at: now });
  for (const [id, each] of gone.current) if (now - each.at > STAYS) gone.current.delete(id);
  const ended = [...gone.current.values()].filter(each => !ids.has(each.run.run_id) && answers.has(each.run.run_id)).map(each => ({ ...each.run, ended: true }));
  const word = filter.trim().toLowerCase();
  const fits = run => !word || [name(run), run.run_id, run.session_id, run.user_id, run.activity].some(text => text && text.toLowerCase().includes(word));
  const list = rows(live.runs.filter(fits), ended.filter(fits));

  const stopOne = async (run, options) => {
    answers.set(run.run_id, { pending: true });
    again(n => n + 1);
    try {
      answers.set(run.run_id, await stop(run.run_id, run.session_id, options));
    } catch (e) {
      answers.set(run.run_id, { error: e });
    }
    again(n => n + 1);
    refresh();
  };

  const row = ({ run, depth }) => {
    const answer = answers.get(run.run_id);
    const status = run.ended ? answer && answer.status || 'CANCELLED' : run.stopping ? 'STOPPING' : run.status;
    return html`<div class="liverow ${run.ended ? 'over' : ''}">
      <div class="livename" style=${{ paddingLeft: Math.min(depth, 8) * 20 + 'px' }}>
        <button class="link" onClick=${() => open(run)}>${visible(name(run))}</button>
        <small>${run.type} · <code>${short(run.run_id)}</code>${run.user_id ? ' · ' + visible(run.user_id) : ''}${run.process === 'other' ? ' · in another process' : ''}</small>
      </div>
      <div class="livestate"><${Status} value=${status} />
        ${answer && answer.error ? html`<small class="bad">${visible(answer.error.message)}</small>`
    : answer && !answer.pending ? html`<small>${stopText(answer)}</small>` : html`<small class="ellipsis" title=${run.activity}>${activity(run)}</small>`}
      </div>
      <div class="livefigures"><span>${run.total_tokens ? count(run.total_tokens) + ' tok' : ''}</span><small>${run.cost != null ? money(run.cost) : run.tool_calls ? plural(run.tool_calls, 'tool call') : ''}</small></div>
      <div class="livebuttons">
        <button class="stop" disabled=${run.ended || answer && answer.pending} onClick=${() => stopOne(run)}
          aria-label=${'Stop ' + name(run) + ' ' + short(run.run_id)}><${Icon} name="stop" fill=${true} />Stop</button>
        <button class="quiet square" disabled=${run.ended} onClick=${() => setAsking({ run })} aria-label=${'How to stop ' + name(run) + ' ' + short(run.run_id)}><${Icon} name="more" /></button>
      </div>
    </div>`;
  };

  return html`<section class="page" aria-labelledby="title">
    <header class="bar"><h1 id="title">Live</h1>
      <input type="search" class="search" placeholder="Find by name, id, session, user" aria-label="Find live runs" value=${filter} onInput=${e => setFilter(e.target.value)} />
      <button class="danger" disabled=${!live.runs.length} onClick=${() => setAsking({ all: true })}>Stop all …</button>
    </header>
    ${live.error && html`<${Problem} error=${live.error} />`}
    ${live.loaded && !list.length && html`<${Empty} title=${word ? 'No live run matches' : 'No run is live'}>${word ? 'Change what you look for.' : 'Start one under Run; here you see what it does, and stop it.'}<//>`}
    ${list.length > 0 && html`<${Rows} items=${list} height=${HEIGHT} row=${row} label="Live runs" />`}
    ${[...answers.entries()].some(([, each]) => (each.abandoned || []).length) && html`<div class="leftovers">
      ${[...answers.entries()].filter(([, each]) => (each.abandoned || []).length).map(([id, each]) => html`<${StopResult} key=${id} answer=${each} />`)}</div>`}
    ${asking && asking.run && html`<${StopOne} run=${asking.run} name=${name} onClose=${() => setAsking(null)}
      onStop=${options => { setAsking(null); stopOne(asking.run, options); }} />`}
    ${asking && asking.all && html`<${StopMany} runs=${live.runs} onClose=${() => { setAsking(null); refresh(); }} />`}
  </section>`;
}

function StopOne({ run, name, onClose, onStop }) {
  const [mode, setMode] = useState('now');
  const [reason, setReason] = useState('');
  return html`<${Dialog} title=${'Stop ' + visible(name(run))} onClose=${onClose}>
    <form onSubmit=${e => { e.preventDefault(); onStop({ mode, reason }); }}>
      <p class="faint">Stops this run and all runs below it.</p>
      <${Modes} value=${mode} onChange=${setMode} />
      <label class="field">Reason<input type="text" maxlength="1000" value=${reason} placeholder="Stored with the run" onInput=${e => setReason(e.target.value)} /></label>
      <div class="buttons"><button class="danger">Stop</button><button type="button" onClick=${onClose}>Keep running</button></div>
    </form>
  <//>`;
}

function StopMany({ runs, onClose }) {
  const sessions = [...new Set(runs.map(run => run.session_id).filter(Boolean))];
  const users = [...new Set(runs.map(run => run.user_id).filter(Boolean))];
  const [scope, setScope] = useState('all');
  const [reason, setReason] = useState('');
  const [state, setState] = useState(null);
  const form = scope === 'all' ? { all: 'true' } : scope.startsWith('s ') ? { session_id: scope.slice(2) } : { user_id: scope.slice(2) };
  const hit = runs.filter(run => !run.parent_run_id && (scope === 'all' || run.session_id === form.session_id && form.session_id || run.user_id === form.user_id && form.user_id));
  const go = async e => {
    e.preventDefault();
    setState({ busy: true });
    try {
      const { results } = await post('/runs/cancel', { form: { ...form, reason, wait: 10000 } });
      setState({ done: results });
    } catch (error) {
      setState({ error });
    }
  };
  if (state && state.done) {
    const slowest = Math.max(0, ...state.done.map(each => each.stop_seconds || 0));
    const ended = state.done.filter(each => each.status === 'CANCELLED').length;
    return html`<${Dialog} title="Stopped" onClose=${onClose}><p role="status">${plural(ended, 'run')} stopped${slowest ? ', the slowest in ' + duration(slowest) : ''}.
      ${state.done.length > ended ? ' ' + plural(state.done.length - ended, 'run') + ' had ended or is still stopping.' : ''}</p>
      <div class="buttons"><button class="primary" onClick=${onClose}>Close</button></div><//>`;
  }
  return html`<${Dialog} title="Stop many runs" onClose=${onClose}>
    <form onSubmit=${go}>
      <label class="field">Which runs<select value=${scope} onChange=${e => setScope(e.target.value)}>
        <option value="all">Everything</option>
        ${users.map(id => html`<option value=${'u ' + id}>User ${visible(id)}</option>`)}
        ${sessions.slice(0, 200).map(id => html`<option value=${'s ' + id}>Session ${visible(id)}</option>`)}
      </select></label>
      <label class="field">Reason<input type="text" maxlength="1000" value=${reason} placeholder="Stored with each run" onInput=${e => setReason(e.target.value)} /></label>
      ${state && state.error && html`<${Problem} error=${state.error} />`}
      <div class="buttons"><button class="danger" disabled=${!hit.length || state && state.busy}>Stop ${plural(hit.length, 'run')}</button>
        <button type="button" onClick=${onClose}>Keep running</button></div>
    </form>
  <//>`;
}
