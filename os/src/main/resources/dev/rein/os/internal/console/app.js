// The frame of the console: navigation, the key, and the list of live runs that several views share.
import { html, render, useState, useEffect, useRef, useCallback, usePolling, Icon, Problem, visible } from './ui.js';
import { get, credentials, rejected } from './api.js';
import { RunView } from './run.js';
import { LiveView } from './live.js';
import { HistoryView } from './history.js';
import { ApproveView } from './approve.js';
import { ServerView } from './server.js';

const VIEWS = [['run', 'Run'], ['live', 'Live'], ['history', 'Runs'], ['approve', 'Approve'], ['server', 'Server']];

const route = () => {
  const [view, ...path] = location.hash.replace(/^#\/?/, '').split('/');
  return { view: VIEWS.some(each => each[0] === view) ? view : 'run', path };
};

/** A link may bring the token, so that nobody has to copy it: #token=... It is taken out of the address at once. */
function takeToken() {
  const given = /^#(?:token|key)=(.+)$/.exec(location.hash);
  if (given) {
    credentials.set(decodeURIComponent(given[1]));
    history.replaceState(null, '', location.pathname + '#/run');
  }
}

function App() {
  const [at, setAt] = useState(route());
  const [state, setState] = useState({ phase: 'loading' });
  const load = useCallback(async () => {
    try {
      const info = await get('/info');
      if (info.auth_mode !== 'none' && !credentials.get()) {
        setState({ phase: 'key', info });
        return;
      }
      const config = await get('/config');
      setState({ phase: 'ready', info, config });
    } catch (error) {
      if (error.status === 401) return;
      setState({ phase: 'failed', error });
    }
  }, []);
  useEffect(() => {
    rejected.listener = () => {
      const had = credentials.get();
      credentials.set('');
      setState(before => ({ phase: 'key', info: before.info, wrong: Boolean(had) || before.wrong }));
    };
    takeToken();
    load();
    const go = () => { takeToken(); setAt(route()); };
    addEventListener('hashchange', go);
    return () => removeEventListener('hashchange', go);
  }, []);
  if (state.phase === 'loading') return html`<div class="gate"><p class="faint pulse">Loading …</p></div>`;
  if (state.phase === 'failed') return html`<div class="gate"><main class="card"><h1>The console can't be opened</h1><${Problem} error=${state.error} retry=${load} /></main></div>`;
  if (state.phase === 'key') return html`<${Gate} info=${state.info} wrong=${state.wrong} onKey=${key => { credentials.set(key); load(); }} />`;
  return html`<${Shell} at=${at} info=${state.info} config=${state.config} />`;
}

function Gate({ info, wrong, onKey }) {
  const [key, setKey] = useState('');
  const word = info && info.auth_mode === 'jwt' ? 'token' : 'key';
  return html`<div class="gate"><main class="card"><form onSubmit=${e => { e.preventDefault(); onKey(key.trim()); setKey(''); }}>
    <h1>${visible(info && info.name || 'Rein Console')}</h1>
    <p class="faint">This server requires a ${word}. It is kept until you close this tab.</p>
    ${wrong && html`<div class="problem" role="alert">The server does not accept this ${word}.</div>`}
    <label class="field">${word === 'key' ? 'Security key' : 'Token'}<input type="password" autocomplete="off" autofocus value=${key} onInput=${e => setKey(e.target.value)} /></label>
    <div class="buttons"><button class="primary" disabled=${!key.trim()}>Continue</button></div>
  </form></main></div>`;
}

/** How many are before each queued run: those of a higher priority, and of the same that came earlier. */
function countBefore(runs) {
  runs.filter(run => run.status === 'PENDING' && !run.parent_run_id)
    .sort((a, b) => b.priority - a.priority || (a.created_at < b.created_at ? -1 : 1))
    .forEach((run, i) => { run.before = i; });
}

/** The list of live runs, with the rate at which each of them receives tokens, and its place in the queue if all runs are seen. */
function useLive(millis, all) {
  const [live, setLive] = useState({ runs: [], loaded: false });
  const before = useRef({ at: 0, tokens: new Map(), asked: 0, seen: 0 });
  const refresh = useCallback(async () => {
    const asked = ++before.current.asked;
    try {
      const { data } = await get('/runs');
      // A later question may have been answered first.
      if (asked < before.current.seen) return;
      const at = performance.now();
      const seconds = (at - before.current.at) / 1000;
      const tokens = new Map();
      for (const run of data) {
        const now = run.output_tokens || 0;
        tokens.set(run.run_id, now);
        const last = before.current.tokens.get(run.run_id);
        if (last != null && seconds > 0.3 && now > last && run.status === 'RUNNING') run.rate = (now - last) / seconds;
      }
      if (all) countBefore(data);
      Object.assign(before.current, { at, tokens, seen: asked });
      setLive({ runs: data, loaded: true });
    } catch (error) {
      setLive(last => ({ ...last, error }));
    }
  }, []);
  usePolling(refresh, millis, [millis]);
  return [live, refresh];
}

function Shell({ at, info, config }) {
  const [live, refresh] = useLive(at.view === 'live' || at.view === 'approve' ? 1000 : 3000, !info.user_isolation);
  const names = useRef(null);
  names.current ||= new Map(['agents', 'teams', 'workflows'].flatMap(kind => config[kind].map(each => [kind.slice(0, -1) + ' ' + each.id, each.name || each.id])));
  const name = run => run.component_name || names.current.get(run.type + ' ' + run.component_id) || run.component_id;
  const waiting = live.runs.filter(run => run.status === 'PAUSED' && !run.parent_run_id).length;
  const working = live.runs.filter(run => !run.parent_run_id).length;
  const badges = { live: working, approve: waiting };
  useEffect(() => {
    const word = VIEWS.find(each => each[0] === at.view)[1];
    document.title = (waiting ? '(' + waiting + ') ' : '') + word + ' · ' + (info.name || 'Rein');
  }, [at.view, waiting]);
  const open = run => { location.hash = run.session_id ? '#/history/' + encodeURIComponent(run.session_id) + '/' + encodeURIComponent(run.root_run_id) : '#/live'; };
  return html`<div class="shell">
    <nav aria-label="Views"><div class="brand"><img src="console/icon.svg" alt="" width="28" height="28" /><span class="ellipsis">${visible(info.name || 'Rein')}</span></div>
      ${VIEWS.map(([id, word]) => html`<a href=${'#/' + id} class=${at.view === id ? 'here' : ''} aria-current=${at.view === id ? 'page' : null}><${Icon} name=${id} /><span>${word}</span>
        ${badges[id] > 0 && html`<b class="badge ${id}" aria-label=${badges[id] + (id === 'live' ? ' live runs' : ' wait')}>${badges[id] > 999 ? '999+' : badges[id]}</b>`}</a>`)}
      <span class="grow"></span>
      ${credentials.get() && html`<button class="link signout" onClick=${() => { credentials.set(''); location.reload(); }}>Forget the key</button>`}
    </nav>
    <main>
      ${at.view === 'run' && html`<${RunView} config=${config} background=${Boolean(config.os_database)} />`}
      ${at.view === 'live' && html`<${LiveView} live=${live} name=${name} refresh=${refresh} open=${open} />`}
      ${at.view === 'history' && html`<${HistoryView} config=${config} path=${at.path} />`}
      ${at.view === 'approve' && html`<${ApproveView} live=${live} refresh=${refresh} name=${name} />`}
      ${at.view === 'server' && html`<${ServerView} info=${info} config=${config} />`}
    </main>
  </div>`;
}

render(html`<${App} />`, document.getElementById('app'));
