-- Times are nanoseconds since 1970. Columns described as JSON are text, because PostgreSQL's text and jsonb can't hold every
-- character that a model may send, and JSON's escapes can.

create table rein_sessions (
    seq ${identity},
    session_id text not null unique,
    name text,
    source text not null,
    component_id text not null,
    user_id text,
    state text not null, -- JSON
    metadata text not null, -- JSON
    created_at bigint not null,
    updated_at bigint not null
);

create index rein_sessions_created on rein_sessions (created_at, seq);
create index rein_sessions_updated on rein_sessions (updated_at, seq);
create index rein_sessions_user on rein_sessions (user_id, created_at);
create index rein_sessions_component on rein_sessions (component_id, created_at);

create table rein_runs (
    seq ${identity}, -- the order of their start
    run_id text not null unique,
    root_run_id text not null,
    parent_run_id text,
    source text not null,
    component_id text not null,
    session_id text references rein_sessions (session_id) on delete cascade,
    user_id text,
    status text not null,
    cause text, -- JSON
    mode text,
    failure text, -- JSON
    input text not null, -- JSON
    content text not null, -- JSON
    messages text not null, -- JSON
    tools text not null, -- JSON
    steps text not null, -- JSON
    metrics text, -- JSON
    metadata text not null, -- JSON
    created_at bigint not null,
    ended_at bigint,
    pause text, -- JSON: what it waits for
    owner text, -- the process that runs it
    epoch bigint not null, -- counts its owners
    former_owner text, -- the process that has not heard yet that another has it, or has ended it
    asked text, -- JSON: the requests to stop it
    taken integer not null default 1 -- 0 while the owner has not taken all of them
);

create index rein_runs_session on rein_runs (session_id, seq);
create index rein_runs_root on rein_runs (root_run_id);
-- Of those that have not ended, which are few.
create index rein_runs_live on rein_runs (owner) where ended_at is null;

create index rein_runs_former_owner on rein_runs (former_owner) where former_owner is not null;

-- The processes that have runs, and until when they are taken to be alive: milliseconds since 1970 by the database's clock.
create table rein_owners (
    owner text primary key,
    until bigint not null
);

-- What has happened in trees of runs, many events in one row.
create table rein_events (
    root_run_id text not null,
    first_index bigint not null,
    last_index bigint not null,
    events text not null, -- JSON
    primary key (root_run_id, first_index)
);
