// Sessions and their runs: find, read, rename, copy, delete and continue them.
import { html, useState, useEffect, useRef, usePolling, Status, Empty, Problem, Dialog, Icon, Code, clock, duration, count, money, plural, short, visible, pretty, cut } from './ui.js';
import { get, post, send, of, runPath, stop } from './api.js';
import { Markdown, MarkdownView } from './markdown.js';
import { Timeline } from './timeline.js';
import { ToolCard } from './run.js';
import { StopResult } from './live.js';

const PAGE = 30;

export function HistoryView({ config, path }) {
  const [session, run] = path.map(decodeURIComponent);
  return html`<section class="page split ${session ? 'detail' : ''}" aria-labelledby="title">
    <${Sessions} config=${config} chosen=${session} />
    ${session ? html`<${SessionDetail} key=${session} id=${session} run=${run} config=${config} />`
    : html`<div class="pane wide"><${Empty} title="Choose a session">Its runs, messages and timelines are shown here.<//></div>`}
  </section>`;
}

function Sessions({ config, chosen }) {
  const [filter, setFilter] = useState({ session_name: '', type: '', user_id: '', component_id: '' });
  const [pages, setPages] = useState(1);
  const [state, setState] = useState({});
  const set = (name, value) => { setFilter({ ...filter, [name]: value }); setPages(1); };
  usePolling(async () => {
    try {
      const { data, meta } = await get('/sessions', { ...filter, limit: PAGE * pages, page: 1, sort_by: 'updated_at', sort_order: 'desc' });
      setState({ list: data, total: meta.total_count });
    } catch (error) {
      setState(before => ({ ...before, error }));
    }
  }, 4000, [filter, pages, chosen]);
  const components = ['agents', 'teams', 'workflows'].flatMap(kind => config[kind].map(each => [each.id, each.name || each.id]));
  return html`<div class="pane list">
    <header class="bar"><h1 id="title">Runs</h1></header>
    <div class="filters">
      <input type="search" placeholder="Find a session by name" aria-label="Find a session by name" value=${filter.session_name} onInput=${e => set('session_name', e.target.value)} />
      <select aria-label="Type" value=${filter.type} onChange=${e => set('type', e.target.value)}><option value="">All types</option><option value="agent">Agents</option>
        <option value="team">Teams</option><option value="workflow">Workflows</option></select>
      <select aria-label="Component" value=${filter.component_id} onChange=${e => set('component_id', e.target.value)}><option value="">All components</option>
        ${components.map(([id, name]) => html`<option value=${id}>${visible(name)}</option>`)}</select>
      <input type="text" placeholder="User" aria-label="User" value=${filter.user_id} onInput=${e => set('user_id', e.target.value)} />
    </div>
    <div class="scroll" tabindex="0" aria-label="Sessions">
      <${Problem} error=${state.error} />
      ${state.list && !state.list.length && html`<${Empty} title="No sessions">Runs with a session appear here once they are stored.<//>`}
      <ul class="plainlist">${(state.list || []).map(each => html`<li key=${each.session_id}><a class="entry ${each.session_id === chosen ? 'chosen' : ''}"
        aria-current=${each.session_id === chosen ? 'true' : null} href=${'#/history/' + encodeURIComponent(each.session_id)}>
        <b class="ellipsis" dir="auto">${visible(each.session_name || short(each.session_id))}</b>
        <small>${visible(each[each.session_type + '_id'] || each.session_type)}${each.user_id ? ' · ' + visible(each.user_id) : ''}<span class="grow"></span>${clock(each.updated_at)}</small></a></li>`)}</ul>
      ${state.list && state.total > state.list.length && html`<button class="quiet more" onClick=${() => setPages(pages + 1)}>Show more of ${count(state.total)}</button>`}
    </div>
  </div>`;
}

const STATUSES = ['PENDING', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'ERROR'];

function SessionDetail({ id, run, config }) {
  const [state, setState] = useState({});
  const [status, setStatus] = useState('');
  const [word, setWord] = useState('');
  const [since, setSince] = useState('');
  const [asking, setAsking] = useState('');
  const at = '/sessions/' + encodeURIComponent(id);
  const load = async () => {
    try {
      // Without a status the runs that another client streams would be left out.
      const query = { status: status || STATUSES, limit: 200, created_after: since && Math.floor(Date.now() / 1000) - since };
      const [detail, runs] = await Promise.all([state.detail || find(id), get(at + '/run-previews', query)]);
      setState({ detail, runs });
    } catch (error) {
      setState(before => ({ ...before, error }));
    }
  };
  usePolling(load, 3000, [status, since]);
  const detail = state.detail;
  const type = detail && detail.session_type;
  const component = detail && detail[type + '_id'];
  const runs = (state.runs || []).filter(each => !word || JSON.stringify([each.run_input, each.content, each.run_id]).toLowerCase().includes(word.toLowerCase()));
  const tops = runs.filter(each => !each.parent_run_id).reverse();
  const shown = run || (tops[0] && tops[0].run_id);
  const act = async work => {
    try {
      await work();
      setAsking('');
    } catch (error) {
      setState({ ...state, error });
    }
  };
  return html`<div class="pane wide">
    <header class="bar"><a class="quiet square back" href="#/history" aria-label="All sessions"><${Icon} name="back" /></a>
      <h2 class="grow ellipsis" dir="auto">${visible(detail ? detail.session_name || short(id) : short(id))}</h2>
      <button class="quiet" disabled=${!detail} onClick=${() => setAsking('rename')}>Rename</button>
      ${type && type !== 'workflow' && component && html`<button class="quiet" onClick=${() => act(async () => {
        const copy = await post(of(type, component) + '/sessions/' + encodeURIComponent(id) + '/fork', { json: {} });
        location.hash = '#/history/' + encodeURIComponent(copy.session_id || copy.new_session_id || '');
      })}>Copy</button>`}
      <button class="quiet bad" onClick=${() => setAsking('delete')}>Delete</button>
    </header>
    <div class="scroll" tabindex="0" aria-label="Runs of the session"><div class="column">
      <${Problem} error=${state.error} retry=${load} />
      <div class="filters across"><input type="search" placeholder="Find in these runs" aria-label="Find in these runs" value=${word} onInput=${e => setWord(e.target.value)} />
        <select aria-label="Status" value=${status} onChange=${e => setStatus(e.target.value)}><option value="">Any status</option>
          ${STATUSES.map(each => html`<option value=${each}>${each[0] + each.slice(1).toLowerCase()}</option>`)}</select>
        <select aria-label="Time" value=${since} onChange=${e => setSince(e.target.value)}><option value="">Any time</option><option value="3600">Last hour</option>
          <option value="86400">Last day</option><option value="604800">Last week</option></select></div>
      ${state.runs && !tops.length && html`<${Empty} title="No runs">${word || status || since ? 'None fits what you look for.' : 'This session has no runs yet.'}<//>`}
      <ul class="plainlist runs">${tops.map(each => html`<li key=${each.run_id}><a class="entry ${each.run_id === shown ? 'chosen' : ''}" aria-current=${each.run_id === shown ? 'true' : null}
        href=${'#/history/' + encodeURIComponent(id) + '/' + encodeURIComponent(each.run_id)}>
        <span class="entryline"><${Status} value=${each.status} /><b class="ellipsis grow" dir="auto">${visible(cut(inputOf(each), 200))}</b><small>${clock(each.created_at)}</small></span></a>
        ${each.run_id === shown && type && html`<${RunDetail} key=${each.run_id} session=${id} preview=${each} onChange=${load} />`}</li>`)}</ul>
    </div></div>
    ${asking === 'rename' && html`<${Rename} name=${detail.session_name} onClose=${() => setAsking('')} onName=${name => act(async () => {
      await post(at + '/rename', { json: { session_name: name } });
      setState({ ...state, detail: { ...detail, session_name: name } });
    })} />`}
    ${asking === 'delete' && html`<${Dialog} title="Delete this session?" onClose=${() => setAsking('')}><p>Its runs are stopped and deleted. This can't be undone.</p>
      <div class="buttons"><button class="danger" onClick=${() => act(async () => { await send(at, { method: 'DELETE' }); location.hash = '#/history'; })}>Delete</button>
        <button onClick=${() => setAsking('')}>Keep</button></div><//>`}
  </div>`;
}

/** The detail of a session, with the type that it does not name. */
async function find(id) {
  const detail = await get('/sessions/' + encodeURIComponent(id));
  return { ...detail, session_type: 'agent_session_id' in detail ? 'agent' : 'workflow_data' in detail || 'session_data' in detail ? 'workflow' : 'team' };
}

const inputOf = run => {
  const input = run.run_input || run.input;
  return typeof input === 'string' ? input : input && input.input_content || short(run.run_id);
};

function Rename({ name, onClose, onName }) {
  const [value, setValue] = useState(name || '');
  return html`<${Dialog} title="Rename the session" onClose=${onClose}><form onSubmit=${e => { e.preventDefault(); onName(value.trim()); }}>
    <label class="field">Name<input type="text" autofocus value=${value} onInput=${e => setValue(e.target.value)} /></label>
    <div class="buttons"><button class="primary" disabled=${!value.trim()}>Rename</button><button type="button" onClick=${onClose}>Cancel</button></div></form><//>`;
}

const TABS = [['timeline', 'Timeline'], ['answer', 'Answer'], ['messages', 'Messages'], ['events', 'Events']];

function RunDetail({ session, preview, onChange }) {
  const [tab, setTab] = useState('timeline');
  const [run, setRun] = useState(null);
  const [timeline, setTimeline] = useState(null);
  const [error, setError] = useState(null);
  const [stopped, setStopped] = useState(null);
  const [more, setMore] = useState('');
  const type = preview.workflow_id && !preview.agent_id && !preview.team_id ? 'workflow' : preview.team_id ? 'team' : 'agent';
  const of = { type, component: preview[type + '_id'], id: preview.run_id, session };
  const over = /COMPLETED|CANCELLED|ERROR/.test(preview.status);
  const load = async () => {
    try {
      const path = '/sessions/' + encodeURIComponent(session) + '/runs/' + encodeURIComponent(preview.run_id) + '/timeline';
      const [full, spans] = await Promise.all([get(runPath(of), { session_id: session }), get(path)]);
      setRun(full);
      setTimeline(spans);
      setError(null);
    } catch (e) {
      setError(e);
    }
  };
  useEffect(() => { load(); }, [preview.status]);
  useEffect(() => {
    if (over) return undefined;
    const timer = setInterval(load, 2000);
    return () => clearInterval(timer);
  }, [over]);
  if (error) return html`<div class="rundetail"><${Problem} error=${error} retry=${load} /></div>`;
  if (!run) return html`<div class="rundetail"><p class="faint">Loading …</p></div>`;
  const metrics = run.metrics || {};
  const why = run.cancellation;
  const interrupted = (run.tools || []).filter(each => each.result == null || /interrupt|not started/i.test(each.result || '')).map(each => each.tool_name);
  return html`<div class="rundetail">
    <dl class="facts">
      ${[['Status', html`<${Status} value=${run.status} />`], ['Duration', duration(timeline.duration)], ['Tokens', count(metrics.total_tokens || timeline.total_tokens)],
    ['Cost', money(metrics.cost)], ['First token', duration(metrics.time_to_first_token)], ['Model', run.model], ['User', run.user_id],
    ['Run', html`<code class="selectable">${run.run_id}</code>`]].filter(([, value]) => value).map(([name, value]) => html`<div><dt>${name}</dt><dd>${typeof value === 'string' ? visible(value) : value}</dd></div>`)}
    </dl>
    ${why && html`<p class="notice">Stopped by ${visible(why.actor || why.kind.toLowerCase())}${why.reason ? ': ' + visible(why.reason) : ''}${' '}(${why.kind.toLowerCase()}${why.mode ? ', ' + why.mode.toLowerCase() : ''}${why.stopped_at ? ', took ' + duration((new Date(why.stopped_at) - new Date(why.requested_at)) / 1000) : ''}).
      ${interrupted.length > 0 && ' Interrupted: ' + visible(interrupted.join(', ')) + '.'}</p>`}
    ${run.status === 'ERROR' && html`<${Problem} error=${run.content || 'The run has failed'} />`}
    ${!over && html`<div class="buttons"><button class="stop" onClick=${async () => { setStopped(await stop(preview.run_id, session).catch(e => { setError(e); })); onChange(); }}><${Icon} name="stop" fill=${true} />Stop</button>
      ${run.status === 'PAUSED' && html`<a class="button" href="#/approve">Decide</a>`}</div>`}
    ${stopped && html`<p class="notice good"><${StopResult} answer=${stopped} /></p>`}
    <div class="tabs" role="tablist" aria-label="Of the run">${TABS.map(([id, word]) => html`<button role="tab" aria-selected=${tab === id ? 'true' : 'false'} onClick=${() => setTab(id)}>${word}</button>`)}</div>
    <div role="tabpanel" aria-label=${tab}>
    ${tab === 'timeline' && (timeline.spans.length ? html`<${Timeline} data=${timeline} />` : html`<p class="faint">The events of this run are not stored.</p>`)}
    ${tab === 'answer' && html`<div class="answer">${run.content ? html`<${MarkdownView} text=${new Markdown(String(run.content))} />` : html`<p class="faint">No text.</p>`}
      ${(run.tools || []).map(each => html`<${ToolCard} part=${{ name: each.tool_name, args: each.tool_args, result: each.result, took: each.metrics && each.metrics.duration, status: each.tool_call_error ? 'ERROR' : '' }} />`)}</div>`}
    ${tab === 'messages' && html`<div class="messages">${(run.messages || []).map(each => html`<div class="message"><small>${each.role}</small>
      ${each.content && html`<${Code} text=${pretty(each.content)} label=${each.role} />`}${each.tool_calls && html`<${Code} text=${pretty(each.tool_calls)} label="Tool calls" />`}</div>`)}
      ${!(run.messages || []).length && html`<p class="faint">No messages: a workflow's are those of its steps.</p>`}</div>`}
    ${tab === 'events' && html`<ol class="events">${(run.events || []).slice(0, 1000).map(each => html`<li><details><summary>${each.event}
      <small>${visible(each.agent_name || each.team_name || each.step_name || each.workflow_name || '')}${each.tool ? ' · ' + visible(each.tool.tool_name) : ''}</small></summary><${Code} text=${pretty(each)} label="Event" /></details></li>`)}
      ${!(run.events || []).length && html`<p class="faint">No events are stored.</p>`}</ol>`}
    </div>
    ${over && type !== 'workflow' && html`<form class="followup" onSubmit=${async e => {
      e.preventDefault();
      try {
        await post(runPath(of) + '/continue', { form: { session_id: session, input: more, stream: 'false', background: 'true' } });
        setMore('');
        onChange();
      } catch (e2) {
        setError(e2);
      }
    }}><input type="text" value=${more} aria-label="Follow up this run" placeholder="Follow up this run …" onInput=${e => setMore(e.target.value)} /><button disabled=${!more.trim()}>Continue</button></form>`}
  </div>`;
}
