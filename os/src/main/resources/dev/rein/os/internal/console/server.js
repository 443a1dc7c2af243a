// The state of the server: health, load, limits and the last hour.
import { html, useState, usePolling, Empty, Problem, duration, count, plural, clock, visible } from './ui.js';
import { get } from './api.js';
import { Chart } from './chart.js';

export function ServerView({ info, config }) {
  const [state, setState] = useState({});
  usePolling(async () => {
    try {
      const [now, health] = await Promise.all([get('/metrics/recent'), get('/health')]);
      setState({ now, health });
    } catch (error) {
      setState(before => ({ ...before, error }));
    }
  }, 2000);
  const { now, health, error } = state;
  const refused = error && error.status === 403;
  return html`<section class="page" aria-labelledby="title">
    <header class="bar"><h1 id="title">Server</h1><span class="grow"></span></header>
    <div class="scroll" tabindex="0" aria-label="State of the server"><div class="column wide">
      ${refused ? html`<${Empty} title="Not for this token">The state of the server is about all users.<//>` : html`<${Problem} error=${error} />`}
      ${now && html`
        <div class="tiles">
          <${Tile} name="Health" value=${now.healthy ? 'Good' : 'Degraded'} good=${now.healthy} note=${now.healthy ? 'since ' + clock(health.instantiated_at) : 'too many threads would not stop'} />
          <${Tile} name="Live runs" value=${count(now.live_runs)} note=${now.paused_runs ? now.paused_runs + (now.paused_runs === 1 ? ' waits' : ' wait') + ' for people' : 'child runs included'} />
          <${Tile} name="Queue" value=${count(now.queued_runs)} note=${'at most ' + count(now.limits.queued_runs)} />
          <${Tile} name="Open streams" value=${count(now.open_streams)} note=${'at most ' + count(now.limits.streams)} />
          <${Tile} name="Abandoned threads" value=${count(now.abandoned_threads)} good=${!now.abandoned_threads} note="would not stop" />
          <${Tile} name="Ends not stored" value=${count(now.pending_writes)} good=${!now.pending_writes} note="are retried" />
        </div>
        <h2>Last hour, by minute</h2>
        <div class="charts">${charts(now.minutes)}</div>
        <h2>Limits</h2>
        <dl class="facts limits">${Object.entries(now.limits).map(([name, value]) => html`<div><dt>${name.replaceAll('_', ' ')}</dt><dd>${/bytes/.test(name) ? Math.round(value / 1048576) + ' MiB' : count(value)}</dd></div>`)}</dl>
        <h2>About</h2>
        <dl class="facts">${[['Name', info.name], ['Id', info.os_id], ['Version', info.os_version], ['Access', { none: 'open on this machine', security_key: 'key', jwt: 'tokens' }[info.auth_mode]],
    ['Store', config.os_database || 'none'], ['Components', [[info.agent_count, 'agent'], [info.team_count, 'team'], [info.workflow_count, 'workflow']].map(each => plural(...each)).join(', ')]].map(([name, value]) => value && html`<div><dt>${name}</dt><dd>${visible(value)}</dd></div>`)}</dl>
        <p class="faint"><a href="docs" target="_blank" rel="noopener">API documentation</a></p>`}
    </div></div>
  </section>`;
}

const Tile = ({ name, value, note, good }) => html`<div class="tile ${good === false ? 'warn' : ''}"><small>${name}</small><b>${value}</b><small>${note}</small></div>`;

function charts(minutes) {
  const of = key => minutes.map(each => each[key] || 0);
  const sum = key => of(key).reduce((a, b) => a + b, 0);
  const slowest = Math.max(0, ...of('slowest_stop_seconds'));
  return [
    html`<${Chart} title="Runs that ended" total=${count(sum('completed') + sum('cancelled') + sum('failed'))} series=${[['completed', 'completed', of('completed')], ['stopped', 'cancelled', of('cancelled')], ['failed', 'failed', of('failed')]]} />`,
    html`<${Chart} title="Runs that started" total=${count(sum('started'))} series=${[['started', 'started', of('started')]]} />`,
    html`<${Chart} title="Tokens" total=${count(sum('tokens'))} series=${[['tokens', 'tokens', of('tokens')]]} />`,
    html`<${Chart} title="Slowest stop" total=${slowest ? duration(slowest) : '–'} format=${duration} series=${[['slowest stop', 'cancelled', of('slowest_stop_seconds')]]} />`,
  ];
}
