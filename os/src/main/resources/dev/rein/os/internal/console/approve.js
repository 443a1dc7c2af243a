// Paused runs: what they ask, and the decisions of people.
import { html, useState, useEffect, Status, Empty, Problem, Code, clock, short, visible, pretty } from './ui.js';
import { get, post, runPath } from './api.js';

const copy = value => JSON.parse(JSON.stringify(value));

/** The questions of a paused run. answer(reply) puts the reply into what is sent back. */
function questions(run, type) {
  const all = [];
  if (type === 'agent') {
    for (const each of run.requirements || []) {
      const tool = copy(each.tool_execution);
      all.push({ sent: tool, tool, by: each.member_agent_name, ...toolQuestion(tool), reply: ({ yes, note, values, result }) => {
        tool.confirmed = yes;
        if (note) tool.confirmation_note = note;
        fill(tool.user_input_schema, values);
        if (result != null) tool.result = result;
      } });
    }
  } else if (type === 'team') {
    for (const each of run.requirements || []) all.push(member(copy(each)));
  } else {
    for (const given of run.step_requirements || []) {
      const step = copy(given);
      if (step.executor_requirements && step.executor_requirements.length) {
        step.executor_requirements.forEach(each => all.push({ ...member(each), sent: step, step: step.step_name, by: step.executor_name }));
      } else {
        all.push({ sent: step, step: step.step_name, ...stepQuestion(step) });
      }
    }
    for (const given of run.error_requirements || []) {
      const step = copy(given);
      all.push({ sent: step, step: step.step_name, kind: 'error', message: step.error_message,
        reply: ({ choice }) => { step.decision = choice; } });
    }
  }
  return all;
}

const toolQuestion = tool => tool.requires_user_input ? { kind: 'input', fields: (tool.user_input_schema || []).map(each => each.name) }
  : tool.external_execution_required ? { kind: 'result' } : { kind: 'confirm' };

function fill(schema, values) {
  for (const field of schema || []) if (values && values[field.name] != null) field.value = values[field.name];
}

function member(each) {
  const tool = each.tool_execution;
  const kind = tool ? toolQuestion(tool) : { kind: 'input', fields: (each.user_input_schema || []).map(field => field.name) };
  return { sent: each, tool, by: each.member_agent_name, ...kind, reply: ({ yes, note, values, result }) => {
    if (yes != null) each.confirmation = yes;
    if (note) each.confirmation_note = note;
    fill(each.user_input_schema || (tool && tool.user_input_schema), values);
    if (result != null) each.external_execution_result = result;
  } };
}

function stepQuestion(step) {
  if (step.requires_route_selection) {
    return { kind: 'route', message: step.user_input_message, choices: step.available_choices, reply: ({ yes, chosen, note }) => {
      if (yes === false) step.confirmed = false;
      else step.selected_choices = chosen;
      if (note) step.rejection_feedback = note;
    } };
  }
  if (step.requires_user_input) {
    return { kind: 'input', message: step.user_input_message, fields: (step.user_input_schema || []).map(each => each.name),
      reply: ({ yes, note, values }) => {
        if (yes === false) step.confirmed = false;
        else step.user_input = values;
        if (note) step.rejection_feedback = note;
      } };
  }
  return { kind: 'confirm', message: step.confirmation_message, output: step.step_output && step.step_output.content, reply: ({ yes, note }) => {
    step.confirmed = yes;
    if (note) step.rejection_feedback = note;
  } };
}

const FIELDS = { agent: 'tools', team: 'requirements', workflow: 'step_requirements' };

/** The questions of a paused run with their answers. decide(form) sends the answers; by default the run continues by itself. */
export function Questions({ run, decide, onDone }) {
  const [asked, setAsked] = useState(null);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const [answers, setAnswers] = useState({});
  const load = async () => {
    try {
      const full = await get(runPath(run), { session_id: run.session });
      setError(null);
      setAnswers({});
      setAsked(full.status === 'PAUSED' ? questions(full, run.type) : []);
    } catch (e) {
      setError(e);
    }
  };
  useEffect(() => { load(); }, [run.id]);
  const sendAll = async replies => {
    setBusy(true);
    asked.forEach((question, i) => replies[i] && question.reply(replies[i]));
    const form = { [FIELDS[run.type]]: JSON.stringify([...new Set(asked.map(each => each.sent))]), session_id: run.session };
    try {
      if (decide) decide(form);
      else await post(runPath(run) + '/continue', { form: { ...form, stream: 'false', background: 'true' } });
      onDone && onDone();
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };
  const answered = (i, reply) => {
    const all = { ...answers, [i]: reply };
    setAnswers(all);
    if (asked.every((_, at) => all[at])) sendAll(all);
  };
  if (error) return html`<${Problem} error=${error} retry=${load} />`;
  if (!asked) return html`<p class="faint">Loading the question …</p>`;
  return html`<div class="questions">${asked.map((each, i) => html`<${Question} key=${i} question=${each} answered=${answers[i]}
    busy=${busy} onReply=${reply => answered(i, reply)} />`)}</div>`;
}

function Question({ question, answered, busy, onReply }) {
  const { kind, tool, fields = [], choices = [] } = question;
  const [note, setNote] = useState('');
  const [values, setValues] = useState({});
  const [chosen, setChosen] = useState([]);
  const who = [question.step && 'Step ' + question.step, question.by].filter(Boolean).join(' · ');
  const title = kind === 'error' ? 'A step has failed' : kind === 'route' ? 'Which way?' : kind === 'result' ? 'Give the result of ' + tool.tool_name
    : tool ? (kind === 'input' ? tool.tool_name + ' needs values' : 'Allow ' + tool.tool_name + '?') : kind === 'input' ? 'Values are needed' : 'Go on?';
  const complete = kind !== 'input' || fields.every(each => (values[each] || '').trim());
  const off = busy || Boolean(answered);
  const yes = () => onReply(kind === 'result' ? { result: values.result || '' } : kind === 'input' ? { values } : kind === 'route' ? { chosen } : { yes: true });
  return html`<form class="question" onSubmit=${e => { e.preventDefault(); if (kind !== 'error' && complete) yes(); }}>
    <h3>${visible(title)}</h3>
    ${who && html`<p class="faint">${visible(who)}</p>`}
    ${question.message && html`<p class="asks" dir="auto">${visible(question.message)}</p>`}
    ${question.output && html`<${Code} text=${pretty(question.output)} label="Output of the step" />`}
    ${tool && Object.keys(tool.tool_args || {}).length > 0 && html`<${Code} text=${pretty(tool.tool_args)} label="Arguments" />`}
    ${(kind === 'result' ? ['result'] : fields).map(name => html`<label class="field">${visible(name)}
      <input type="text" value=${values[name] || ''} disabled=${off} onInput=${e => setValues({ ...values, [name]: e.target.value })} /></label>`)}
    ${kind === 'route' && html`<div class="choices">${choices.map(each => html`<label class="check"><input type="checkbox" disabled=${off}
      checked=${chosen.includes(each)} onChange=${e => setChosen(e.target.checked ? [...chosen, each] : chosen.filter(c => c !== each))} />
      ${visible(each)}</label>`)}</div>`}
    ${kind !== 'error' && html`<label class="field">Note, if you refuse
      <input type="text" value=${note} disabled=${off} placeholder="Why not? The model reads this." onInput=${e => setNote(e.target.value)} /></label>`}
    <div class="buttons">
      ${kind === 'error' ? [['retry', 'Try again'], ['skip', 'Skip the step'], ['fail', 'Fail the run']].map(([choice, word]) => html`
        <button type="button" class=${choice === 'retry' ? 'primary' : ''} disabled=${off} onClick=${() => onReply({ choice })}>${word}</button>`)
    : html`<button class="primary" disabled=${off || !complete || (kind === 'route' && !chosen.length)}>${kind === 'confirm' ? 'Approve' : 'Send'}</button>
        <button type="button" disabled=${off} onClick=${() => onReply({ yes: false, note })}>Refuse</button>`}
      ${answered && !busy && html`<span class="faint">Answered; the other questions are still open</span>`}
    </div>
  </form>`;
}

/** All paused runs. */
export function ApproveView({ live, refresh, name }) {
  const paused = live.runs.filter(run => run.status === 'PAUSED' && !run.parent_run_id);
  return html`<section class="page" aria-labelledby="title">
    <header class="bar"><h1 id="title">Approve</h1></header>
    <div class="scroll">
      ${live.error && html`<${Problem} error=${live.error} />`}
      ${live.loaded && !paused.length && html`<${Empty} title="Nothing waits for you">Runs that need a confirmation, a value or a choice
        appear here.<//>`}
      <div class="column">${paused.map(run => html`<article class="card" key=${run.run_id}>
        <header class="cardhead"><b>${visible(name(run))}</b><${Status} value="PAUSED" />
          <span class="faint">since ${clock(run.created_at)} · ${run.user_id ? visible(run.user_id) + ' · ' : ''}<code>${short(run.run_id)}</code></span></header>
        <${Questions} run=${{ type: run.type, component: run.component_id, id: run.run_id, session: run.session_id }} onDone=${refresh} />
      </article>`)}</div>
    </div>
  </section>`;
}
