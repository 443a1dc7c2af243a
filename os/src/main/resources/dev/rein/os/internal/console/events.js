// What a run has come to, made of its events: a tree of runs, each with its texts, tool calls and steps in their order.
import { Markdown } from './markdown.js';

/** The longest reasoning that is kept for display. */
const LONGEST_REASONING = 200000;

const now = () => performance.now() / 1000;

export class RunTree {
  constructor() {
    this.nodes = new Map();
    this.steps = new Map();
    this.root = null;
    /** Whether events were missed. */
    this.gap = false;
  }

  /** The run of an event, with the place where it is shown: below a step, or below the run that has started it. */
  node(event) {
    const id = event.run_id;
    let node = this.nodes.get(id);
    if (node || !id) return node;
    const type = event.workflow_id && !event.agent_id && !event.team_id ? 'workflow' : event.team_id ? 'team' : 'agent';
    node = {
      id, type, component: event[type + '_id'], name: event[type + '_name'] || event[type + '_id'], session: event.session_id,
      status: 'RUNNING', parts: [], since: now(), tokens: 0, output: 0, model: event.model, requests: 0, activity: 'starting',
    };
    this.nodes.set(id, node);
    const parent = this.nodes.get(event.parent_run_id) || this.nodes.get(event.workflow_run_id);
    const step = type !== 'workflow' && this.steps.get(event.step_id);
    node.parent = parent;
    if (step && (!parent || parent.type === 'workflow')) step.parts.push({ type: 'run', run: node });
    else if (parent) parent.parts.push({ type: 'run', run: node });
    else this.root ||= node;
    return node;
  }

  apply(event) {
    const node = this.node(event);
    if (!node) return;
    this.gap ||= event.after_gap;
    const name = event.event.replace(/^Team/, '');
    const known = HANDLERS[name];
    if (known) known.call(this, node, event);
    else if (/^(Step|Parallel|Loop|Condition|Router)/.test(name)) this.step(node, event, name);
  }

  text(node, delta) {
    let last = node.parts[node.parts.length - 1];
    if (!last || last.type !== 'text') node.parts.push(last = { type: 'text', text: new Markdown() });
    last.text.append(delta);
    node.shown = (node.shown || 0) + delta.length;
    node.activity = 'streaming';
  }

  /** What the end of a run says beyond what its stream has shown: the stored events of a run are without its text. */
  end(node, status, content) {
    if (node.status === 'CANCELLED' && status === 'COMPLETED') return;
    if (status === 'COMPLETED' && content && node.type !== 'workflow' && (this.gap || !node.shown)) {
      this.setText(node, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    }
    node.status = status;
    node.took = now() - node.since;
    node.activity = '';
    for (const part of node.parts) if (part.type === 'tool' && part.status === 'RUNNING') part.status = 'CANCELLED';
    for (const step of this.steps.values()) {
      if (step.owner === node && step.status === 'RUNNING') step.status = status === 'COMPLETED' ? status : 'CANCELLED';
    }
  }

  /** Sets the text of the last response, of which events may be missing. */
  setText(node, content) {
    const last = node.parts.findLastIndex(each => each.type === 'text' || each.type === 'tool');
    const part = { type: 'text', text: new Markdown(content) };
    if (last >= 0 && node.parts[last].type === 'text') node.parts[last] = part;
    else node.parts.push(part);
    node.shown = content.length;
  }

  tool(node, event, status) {
    const id = event.tool.tool_call_id;
    let part = node.parts.find(each => each.type === 'tool' && each.id === id);
    if (!part) node.parts.push(part = { type: 'tool', id, since: now() });
    const tool = event.tool;
    Object.assign(part, {
      name: tool.tool_name, args: tool.tool_args, result: event.error || tool.result,
      status: tool.tool_call_error ? 'ERROR' : status, took: tool.metrics && tool.metrics.duration,
    });
    node.activity = status === 'RUNNING' ? 'tool ' + part.name : 'working';
    return part;
  }

  step(node, event, name) {
    if (!event.step_id) return;
    let step = this.steps.get(event.step_id);
    if (!step) {
      step = { type: 'step', id: event.step_id, name: event.step_name, owner: node, status: 'RUNNING', parts: [], since: now() };
      this.steps.set(step.id, step);
      (this.steps.get(event.parent_step_id) || node).parts.push(step);
    }
    if (name === 'StepError') Object.assign(step, { status: 'ERROR', error: event.error });
    else if (/Paused$/.test(name)) step.status = 'PAUSED';
    else if (/Continued$|Started$/.test(name)) step.status = 'RUNNING';
    else if (/Completed$/.test(name) && !/Iteration/.test(name)) {
      const result = event.step_response;
      Object.assign(step, { status: result && result.success === false ? 'ERROR' : 'COMPLETED', took: now() - step.since });
      if (!step.parts.length && event.content) step.parts.push({ type: 'text', text: new Markdown(String(event.content)) });
    }
    if (event.iteration) step.iteration = event.iteration + (event.max_iterations ? ' of ' + event.max_iterations : '');
    if (event.selected_steps) step.selected = event.selected_steps;
    if (event.condition_result != null) step.branch = event.condition_result ? 'yes' : 'no';
    node.activity = 'step ' + event.step_name;
  }
}

const HANDLERS = {
  RunStarted(node, e) {
    Object.assign(node, { status: 'RUNNING', model: e.model });
  },
  WorkflowStarted(node) {
    node.status = 'RUNNING';
  },
  RunContinued(node) {
    node.status = 'RUNNING';
    node.requirements = null;
  },
  ModelRequestStarted(node, e) {
    node.activity = 'waiting for ' + (e.model || 'the model');
    node.asked = now();
  },
  ModelRequestCompleted(node, e) {
    node.requests++;
    node.tokens += e.total_tokens || 0;
    node.output += e.output_tokens || 0;
    node.activity = 'working';
    if (e.finish_reason) node.parts.push({ type: 'note', text: 'The response was cut off: ' + e.finish_reason });
  },
  RunContent(node, e) {
    if (e.reasoning_content) {
      let last = node.parts[node.parts.length - 1];
      if (!last || last.type !== 'reasoning') node.parts.push(last = { type: 'reasoning', text: '' });
      if (last.text.length < LONGEST_REASONING) last.text += e.reasoning_content;
      node.activity = 'reasoning';
    }
    if (e.content) this.text(node, String(e.content));
  },
  ToolCallStarted(node, e) {
    this.tool(node, e, 'RUNNING');
  },
  ToolCallCompleted(node, e) {
    this.tool(node, e, 'COMPLETED');
  },
  ToolCallError(node, e) {
    this.tool(node, e, 'ERROR');
  },
  RunPaused(node) {
    node.status = 'PAUSED';
    node.activity = 'waits for a decision';
  },
  WorkflowPaused(node) {
    node.status = 'PAUSED';
    node.activity = 'waits for a decision';
  },
  RunCompleted(node, e) {
    this.end(node, 'COMPLETED', e.content);
    if (e.metrics && e.metrics.total_tokens) node.tokens = e.metrics.total_tokens;
    if (e.metrics && e.metrics.cost) node.cost = e.metrics.cost;
  },
  WorkflowCompleted(node, e) {
    this.end(node, 'COMPLETED', e.content);
  },
  RunCancelled(node, e) {
    this.end(node, 'CANCELLED');
    node.reason = e.reason;
  },
  WorkflowCancelled(node, e) {
    this.end(node, 'CANCELLED');
    node.reason = e.reason;
  },
  RunError(node, e) {
    this.end(node, 'ERROR');
    node.error = String(e.content || e.error_type || 'failed');
  },
  WorkflowError(node, e) {
    this.end(node, 'ERROR');
    node.error = String(e.error || 'failed');
  },
  stream_expired(node) {
    if (this.expired) return;
    this.expired = this.gap = true;
    node.parts.push({ type: 'note', text: 'The page could not keep up: what it has missed is shown when the run ends' });
  },
};
