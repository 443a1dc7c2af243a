// A workflow as a drawing of its steps, with what each of them is doing.
import { html, visible } from './ui.js';

const KINDS = { Parallel: 'all at once', Loop: 'repeats', Condition: 'if', Router: 'one of', Steps: 'in order' };

/** @param steps the steps of a workflow as the server describes them; state returns the state of the step of a name */
export const Flow = ({ steps, state }) => html`<div class="flow" role="group" aria-label="Steps of the workflow">
  <${Chain} steps=${steps} state=${state} />
</div>`;

const Chain = ({ steps, state }) => html`<div class="chain">${(steps || []).map(step => html`<${Box} step=${step} state=${state} />`)}</div>`;

function Box({ step, state }) {
  const at = state(step.name) || {};
  const runs = step.agent || step.team || step.workflow;
  const branches = step.type === 'Condition' ? [['yes', step.steps], ['no', step.else_steps]].filter(each => each[1])
    : step.type === 'Parallel' ? step.steps.map(each => ['', [each]])
      : step.type === 'Router' ? step.choices.map(each => ['', [each]]) : step.steps ? [['', step.steps]] : [];
  const word = KINDS[step.type];
  return html`<div class="node ${branches.length ? 'group' : ''} ${at.status || ''}">
    <div class="nodehead"><b>${visible(step.name)}</b>
      <small>${branches.length ? word + (step.max_iterations ? ' up to ' + step.max_iterations + ' times' : '')
        : visible(runs ? runs.name || runs.id : step.description || 'function')}</small>
      ${at.iteration && html`<small>round ${at.iteration}</small>`}
    </div>
    ${branches.length > 0 && html`<div class="branches">${branches.map(([label, steps]) => html`
      <div class="branch ${at.branch && label && at.branch !== label ? 'unused' : ''}">${label && html`<small>${label}</small>`}
        <${Chain} steps=${steps} state=${state} /></div>`)}</div>`}
  </div>`;
}
