// The routes of the server, and the streams of runs.

export const base = location.pathname.replace(/\/console\/?$/, '');
const KEY = 'rein.console.key';

/** The key or token, kept until the tab is closed. */
export const credentials = {
  get: () => sessionStorage.getItem(KEY) || '',
  set: value => value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY),
};

/** Called when the server does not accept the key. */
export const rejected = { listener: () => {} };

export class ServerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function detail(body, status) {
  try {
    const said = JSON.parse(body).detail;
    return typeof said === 'string' ? said : said.map(each => each.loc.slice(1).join('.') + ': ' + each.msg).join('; ');
  } catch {
    return 'The server answered ' + status;
  }
}

export async function send(path, { method = 'GET', form, json, query, signal } = {}) {
  const headers = {};
  if (credentials.get()) headers.Authorization = 'Bearer ' + credentials.get();
  let body;
  if (json) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(json);
  } else if (form) {
    body = form instanceof FormData ? form : new URLSearchParams(Object.entries(form).filter(([, v]) => v != null && v !== ''));
  }
  const given = Object.entries(query || {}).flatMap(([name, v]) => (Array.isArray(v) ? v : [v]).map(each => [name, each]))
    .filter(([, v]) => v != null && v !== '');
  const url = base + path + (given.length ? '?' + new URLSearchParams(given) : '');
  let response;
  try {
    response = await fetch(url, { method, headers, body, signal, cache: 'no-store' });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ServerError(0, 'The server does not answer');
  }
  if (!response.ok) {
    if (response.status === 401) rejected.listener();
    throw new ServerError(response.status, detail(await response.text(), response.status));
  }
  return response;
}

export const get = async (path, query, signal) => (await send(path, { query, signal })).json();

export async function post(path, options = {}) {
  const response = await send(path, { method: 'POST', ...options });
  return response.status === 204 ? null : response.json();
}

export const of = (type, id) => '/' + type + 's/' + encodeURIComponent(id);

export const runPath = run => of(run.type, run.component) + '/runs/' + encodeURIComponent(run.id);

/** Stops a run, whatever component it is of, and waits a moment for its end. */
export const stop = (runId, session, options) => post('/runs/' + encodeURIComponent(runId) + '/cancel',
  { form: { wait: 5000, session_id: session, mode: 'now', ...options } });

/** The data of the frames of a response of server-sent events. */
export async function* frames(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        const at = part.startsWith('data: ') ? 0 : part.indexOf('\ndata: ') + 1;
        if (at || part.startsWith('data: ')) yield JSON.parse(part.slice(at + 6));
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

const sleep = (millis, signal) => new Promise(done => {
  const timer = setTimeout(done, millis);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    done();
  });
});

const ENDS = /^(Team)?(Run(Completed|Cancelled|Error)|Workflow(Completed|Cancelled|Error))$/;
const PAUSES = /^(Team)?RunPaused$|^WorkflowPaused$/;

/**
 * Reads the events of a run up to its end or its pause. When the connection breaks, it asks for those after the last one it has.
 * run has type, component, session, id (null until the first event) and last (the index of the last event, -1 for none).
 * An event gets after_gap if events before it are no longer kept.
 * first() sends the request whose answer is the first stream; null to resume a run. onLink is told whether there is a connection.
 */
export async function follow(run, first, onEvent, onLink, signal) {
  let next = first, failures = 0;
  while (!signal.aborted) {
    try {
      const response = await (next ? next() : send(runPath(run) + '/resume', {
        method: 'POST', form: { last_event_index: run.last, session_id: run.session }, signal,
      }));
      next = null;
      let paused = false, ended = false;
      onLink(true);
      for await (const event of frames(response)) {
        // What is asked for again at once would have expired again.
        if (event.event !== 'stream_expired') failures = 0;
        if (event.event_index != null) {
          if (event.event_index <= run.last) continue;
          event.after_gap = event.event_index > run.last + 1;
          run.last = event.event_index;
        }
        run.id ||= event.run_id;
        run.session ||= event.session_id;
        onEvent(event);
        if (event.run_id === run.id) {
          paused = PAUSES.test(event.event) || (paused && !/Continued$/.test(event.event));
          ended ||= ENDS.test(event.event);
        }
        if (event.event === 'replay' && /COMPLETED|CANCELLED|ERROR/.test(event.status)) ended = true;
        if (paused) return 'paused';
      }
      if (ended) return 'ended';
    } catch (e) {
      if (signal.aborted) break;
      if (next || !run.id) throw e;
      if (e.status === 404 && failures > 2) throw new ServerError(404, 'The server no longer knows this run');
      if (e.status >= 400 && e.status < 500 && e.status !== 404 && e.status !== 429) throw e;
    }
    onLink(false);
    await sleep(Math.min(5000, 200 * 2 ** failures++), signal);
  }
  return 'left';
}
