// Run: choose a component, send messages, and see everything that the runs do.
import { html, Component, useState, useEffect, useRef, useRepaint, Icon, Status, Problem, Code, duration, count, plural, short, visible, pretty, cut } from './ui.js';
import { get, send, follow, stop, of, runPath } from './api.js';
import { RunTree } from './events.js';
import { MarkdownView } from './markdown.js';
import { Flow } from './flow.js';
import { Questions } from './approve.js';
import { StopResult } from './live.js';

/** The conversation, kept while another view is shown. */
const talk = { component: '', session: '', turns: [], draft: '', pictures: [], waiting: null };

const MOST_TURNS = 50;

/**
 * A message and its run.
 *
 * starting -> running -> ended    the last event has come
 *             running -> paused   the run asks; a decision, here or elsewhere, makes it running again
 *             running -> failed   the server has refused the message, or does not know the run any more
 *             running -> left     the conversation was closed; the run goes on
 */
class Turn {
  constructor(type, component, message, pictures, repaint) {
    Object.assign(this, { type, component, message, pictures, tree: new RunTree(), state: 'starting', linked: true });
    this.run = { type, component, session: talk.session, id: null, last: -1 };
    this.abort = new AbortController();
    this.repaint = () => this.listener && this.listener();
    this.listener = repaint;
  }

  get active() {
    return this.state === 'starting' || this.state === 'running' || this.state === 'paused';
  }

  async go(first) {
    this.state = 'running';
    this.repaint();
    try {
      const end = await follow(this.run, first, event => {
        if (event.session_id && event.run_id === this.run.id) talk.session = event.session_id;
        this.tree.apply(event);
        this.repaint();
      }, linked => {
        this.linked = linked;
        this.repaint();
      }, this.abort.signal);
      this.state = end;
      if (end === 'paused') this.watch();
    } catch (e) {
      this.error = e;
      this.state = 'failed';
    }
    this.repaint();
    if (this.state !== 'paused' && talk.waiting) {
      const next = talk.waiting;
      talk.waiting = null;
      next();
    }
  }

  start(session, background) {
    const form = new FormData();
    form.append('message', this.message);
    form.append('stream', 'true');
    // Such a run survives a broken connection, and its text can be read again from any point.
    form.append(...(background ? ['background', 'true'] : ['on_disconnect', 'continue']));
    if (session) form.append('session_id', session);
    this.pictures.forEach(each => form.append('files', each));
    return this.go(() => send(of(this.type, this.component) + '/runs', { method: 'POST', form, signal: this.abort.signal }));
  }

  decide(form) {
    this.tree.root.status = 'RUNNING';
    return this.go(() => send(runPath(this.run) + '/continue', { method: 'POST', form: { ...form, background: 'true', stream: 'true' }, signal: this.abort.signal }));
  }

  /** Somebody else may decide, or stop the run. */
  async watch() {
    while (this.state === 'paused' && !this.abort.signal.aborted) {
      await new Promise(done => setTimeout(done, 2000));
      try {
        const now = this.state === 'paused' && await get(runPath(this.run), { session_id: this.run.session });
        if (now && now.status !== 'PAUSED' && this.state === 'paused') this.go(null);
      } catch {
        // The next look tells.
      }
    }
  }

  async stop() {
    this.stopping = true;
    this.repaint();
    try {
      this.stopped = await stop(this.run.id, this.run.session);
      if (this.state === 'paused') this.go(null);
    } catch (e) {
      this.stopped = null;
      this.error = e;
    }
    this.stopping = false;
    this.repaint();
  }
}

export function RunView({ config, background }) {
  const repaint = useRepaint();
  const [flow, setFlow] = useState(null);
  const [when, setWhen] = useState('stop');
  const input = useRef();
  const scroll = useRef();
  const stuck = useRef(true);
  const all = [['agent', config.agents], ['team', config.teams], ['workflow', config.workflows]];
  if (!talk.component) {
    const first = all.find(([, list]) => list.length);
    talk.component = first ? first[0] + ' ' + first[1][0].id : '';
  }
  const [type, id] = split(talk.component);
  const chosen = (all.find(([kind]) => kind === type) || [, []])[1].find(each => each.id === id);
  const last = talk.turns[talk.turns.length - 1];
  const active = last && last.active ? last : null;

  useEffect(() => {
    talk.turns.forEach(turn => { turn.listener = repaint; });
    return () => talk.turns.forEach(turn => { turn.listener = null; });
  });
  useEffect(() => {
    setFlow(null);
    if (type === 'workflow') get(of(type, id)).then(each => setFlow(each.steps), () => {});
  }, [talk.component]);
  useEffect(() => {
    if (stuck.current && scroll.current) scroll.current.scrollTop = scroll.current.scrollHeight;
  });

  useEffect(() => {
    // The height of what has been out of sight is known only once it is painted.
    const watch = new ResizeObserver(() => { if (stuck.current) scroll.current.scrollTop = scroll.current.scrollHeight; });
    watch.observe(scroll.current.firstElementChild);
    return () => watch.disconnect();
  }, []);

  const choose = value => {
    talk.component = value;
    fresh();
  };
  const fresh = () => {
    // A run that works goes on; under Live it can be stopped.
    talk.turns.forEach(turn => turn.abort.abort());
    talk.turns = [];
    talk.session = '';
    talk.waiting = null;
    repaint();
    if (input.current) input.current.focus();
  };
  const submit = message => {
    const turn = new Turn(type, id, message, talk.pictures, repaint);
    talk.turns.push(turn);
    talk.turns = talk.turns.slice(-MOST_TURNS);
    talk.pictures = [];
    stuck.current = true;
    turn.start(talk.session, background);
  };
  const sendMessage = () => {
    const message = talk.draft.trim();
    if (!message || !chosen) return;
    talk.draft = '';
    if (!active) submit(message);
    else {
      talk.waiting = () => submit(message);
      talk.queued = message;
      if (when === 'stop') active.stop();
    }
    repaint();
  };
  const keys = e => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      sendMessage();
    }
  };
  const attach = files => {
    talk.pictures = [...talk.pictures, ...files].slice(0, 8);
    repaint();
  };
  const steps = new Map();
  if (last && type === 'workflow') for (const step of last.tree.steps.values()) steps.set(step.name, step);

  return html`<section class="page" aria-labelledby="title">
    <header class="bar"><h1 id="title" class="hidden">Run</h1>
      <label class="picker"><span class="hidden">Component</span><select value=${talk.component} onChange=${e => choose(e.target.value)} aria-label="Agent, team or workflow">
        ${all.map(([kind, list]) => list.length > 0 && html`<optgroup label=${kind[0].toUpperCase() + kind.slice(1) + 's'}>
          ${list.map(each => html`<option value=${kind + ' ' + each.id}>${visible(each.name || each.id)}</option>`)}</optgroup>`)}
      </select></label>
      <span class="faint grow ellipsis">${chosen && visible(chosen.description || '')}</span>
      ${talk.session && html`<a class="chip" href=${'#/history/' + encodeURIComponent(talk.session)} title="The session of this conversation">Session <code>${short(talk.session)}</code></a>`}
      <button class="quiet" onClick=${fresh} disabled=${!talk.turns.length}><${Icon} name="plus" />New</button>
    </header>
    <div class="scroll" ref=${scroll} tabindex="0" aria-label="Conversation" onScroll=${e => { const s = e.currentTarget; stuck.current = s.scrollHeight - s.scrollTop - s.clientHeight < 80; }}>
      <div class="column">
        ${flow && html`<${Flow} steps=${flow} state=${name => steps.get(name)} />`}
        ${!talk.turns.length && html`<div class="welcome"><h2>${chosen ? visible(chosen.name || chosen.id) : 'Nothing is served here'}</h2>
          <p>${chosen ? 'Send a message to start a run. You see each step, tool and member as it works, and can stop any of them.' : 'Register an agent, a team or a workflow with AgentOS.'}</p></div>`}
        ${talk.turns.map(turn => html`<${Exchange} key=${talk.turns.indexOf(turn) + turn.message} turn=${turn} />`)}
        ${talk.waiting && html`<div class="said queued"><div dir="auto">${visible(talk.queued)}</div><small>is sent when the run has ended
          <button class="link" onClick=${() => { talk.waiting = null; repaint(); }}>Do not send</button></small></div>`}
      </div>
    </div>
    <footer class="composer"><div class="column">
      ${talk.pictures.length > 0 && html`<div class="pictures">${talk.pictures.map((each, i) => html`<span class="chip" key=${i}>${visible(each.name)}
        <button class="plain" aria-label=${'Remove ' + each.name} onClick=${() => { talk.pictures.splice(i, 1); repaint(); }}><${Icon} name="close" /></button></span>`)}</div>`}
      <div class="box">
        <textarea ref=${input} rows="1" aria-label="Message" placeholder=${active ? (active.state === 'paused' ? 'The run waits for a decision' : 'The run is working. Write what comes next …') : 'Message'} value=${talk.draft} autofocus
          onInput=${e => { talk.draft = e.target.value; grow(e.target); repaint(); }} onKeyDown=${keys}
          onPaste=${e => { const files = [...e.clipboardData.files]; if (files.length) { e.preventDefault(); attach(files); } }}></textarea>
        <div class="tools">
          <label class="quiet square attach" title="Attach pictures or files"><${Icon} name="clip" /><span class="hidden">Attach pictures or files</span>
            <input type="file" class="hidden" multiple onChange=${e => { attach(e.target.files); e.target.value = ''; }} /></label>
          <span class="grow"></span>
          ${active && talk.draft.trim() && html`<select aria-label="When to send" value=${when} onChange=${e => setWhen(e.target.value)}>
            <option value="stop">Stop the run, then send</option><option value="queue">Send after the run</option></select>`}
          ${active && html`<button class="stop" disabled=${!active.run.id || active.stopping} onClick=${() => active.stop()}><${Icon} name="stop" fill=${true} />Stop</button>`}
          <button class="primary square" aria-label="Send" disabled=${!talk.draft.trim() || !chosen || talk.waiting} onClick=${sendMessage}><${Icon} name="send" /></button>
        </div>
      </div>
    </div></footer>
  </section>`;
}

const split = value => {
  const at = value.indexOf(' ');
  return [value.slice(0, at), value.slice(at + 1)];
};

function grow(area) {
  area.style.height = 'auto';
  area.style.height = Math.min(area.scrollHeight, 220) + 'px';
}

/** Rendered again only while something happens in it. */
class Exchange extends Component {
  shouldComponentUpdate({ turn }) {
    const rested = this.rests;
    this.rests = !turn.active && !turn.stopping;
    return !rested || !this.rests;
  }

  render({ turn }) {
    const root = turn.tree.root;
    return html`<div class="exchange">
    <div class="said"><div dir="auto">${visible(cut(turn.message, 4000))}</div>
      ${turn.pictures.map(each => /^image\//.test(each.type) ? html`<${Picture} file=${each} />` : html`<small>${visible(each.name)}</small>`)}</div>
    ${root ? html`<${RunCard} node=${root} top=${turn} />` : turn.active && html`<p class="faint pulse">Starting …</p>`}
    ${!turn.linked && turn.active && html`<p class="notice" role="status">The connection is lost. Connecting again …</p>`}
    ${turn.state === 'paused' && html`<${Questions} run=${turn.run} decide=${form => turn.decide(form)} />`}
    ${turn.stopped && html`<p class="notice good"><${StopResult} answer=${turn.stopped} /></p>`}
    ${turn.error && html`<${Problem} error=${turn.error} />`}
  </div>`;
  }
}

function Picture({ file }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url && html`<img class="picture" src=${url} alt=${file.name} />`;
}

/** A run with everything it has done; members are cards within their team's. */
export function RunCard({ node, top }) {
  const running = node.status === 'RUNNING';
  const elapsed = node.took != null ? node.took : performance.now() / 1000 - node.since;
  const figures = [node.took != null && duration(node.took), node.tokens > 0 && plural(node.tokens, 'token')].filter(Boolean).join(' · ');
  return html`<div class="run ${top ? 'top' : ''}">
    <div class="runhead"><b>${visible(node.name || node.component || '')}</b>
      ${running ? html`<span class="doing"><i class="spin"></i>${visible(node.activity)}<${Since} since=${node.since} /></span>` : html`<${Status} value=${node.status} />`}
      <span class="grow"></span><small class="figures">${!running && figures}</small>
      ${!top && running && html`<${StopNode} node=${node} />`}</div>
    <div class="parts">${node.parts.map((part, i) => html`<${Part} key=${i} part=${part} live=${running && i === node.parts.length - 1} />`)}
      ${node.status === 'CANCELLED' && node.reason && !(node.parent && node.parent.status === 'CANCELLED') && html`<p class="faint">Stopped: ${visible(node.reason)}</p>`}
      ${node.error && html`<${Problem} error=${node.error} />`}
      ${running && !node.parts.length && elapsed >= 0 && html`<p class="faint pulse">${visible(node.activity)} …</p>`}</div>
  </div>`;
}

/** Seconds, counted by themselves. */
function Since({ since }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick(n => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = performance.now() / 1000 - since;
  return seconds >= 1 && html`<span class="faint"> ${duration(Math.floor(seconds))}</span>`;
}

function StopNode({ node }) {
  const [answer, setAnswer] = useState(null);
  const go = async () => {
    setAnswer({ pending: true });
    setAnswer(await stop(node.id, node.session).catch(error => ({ error })));
  };
  return html`<button class="quiet small" disabled=${answer && answer.pending} aria-label=${'Stop ' + node.name} onClick=${go}><${Icon} name="stop" fill=${true} />Stop</button>
    ${answer && answer.error && html`<small class="bad">${visible(answer.error.message)}</small>`}`;
}

function Part({ part, live }) {
  switch (part.type) {
    case 'text': return html`<${MarkdownView} text=${part.text} />`;
    case 'reasoning': return html`<details class="reasoning"><summary>Reasoning${live ? ' …' : ''}</summary><p dir="auto">${visible(part.text)}</p></details>`;
    case 'tool': return html`<${ToolCard} part=${part} />`;
    case 'run': return html`<${RunCard} node=${part.run} />`;
    case 'step': return html`<div class="step ${part.status}"><div class="stephead"><${Status} value=${part.status} /><b>${visible(part.name)}</b>
      ${part.iteration && html`<small>round ${part.iteration}</small>`}<span class="grow"></span><small class="figures">${part.took != null && duration(part.took)}</small></div>
      ${part.parts.map((each, i) => html`<${Part} key=${i} part=${each} live=${false} />`)}${part.error && html`<${Problem} error=${part.error} />`}</div>`;
    default: return html`<p class="faint">${visible(part.text)}</p>`;
  }
}

export function ToolCard({ part }) {
  const args = pretty(part.args);
  const brief = part.args ? Object.values(part.args).map(each => typeof each === 'string' ? each : JSON.stringify(each)).join(', ') : '';
  return html`<details class="tool ${part.status}"><summary><${Icon} name="tool" /><b>${visible(part.name)}</b>
    <span class="faint grow ellipsis">${visible(cut(brief, 120))}</span>
    ${part.status === 'RUNNING' ? html`<i class="spin"></i><${Since} since=${part.since} />` : html`<small class="figures">${part.took != null ? duration(part.took) : ''}</small>`}
    ${part.status === 'ERROR' && html`<${Status} value="ERROR" />`}${part.status === 'CANCELLED' && html`<${Status} value="CANCELLED" />`}</summary>
    <div class="toolbody">${args && args !== '{}' && html`<small>Arguments</small><${Code} text=${args} label="Arguments" />`}
      ${part.result != null && html`<small>Result</small><${Code} text=${pretty(part.result)} label="Result" />`}</div>
  </details>`;
}
