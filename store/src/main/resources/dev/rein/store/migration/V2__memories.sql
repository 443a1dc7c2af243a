create table rein_memories (
    seq ${identity},
    memory_id text not null unique,
    memory text not null,
    topics text not null, -- JSON
    agent_id text,
    team_id text,
    user_id text,
    created_at bigint not null,
    updated_at bigint not null
);

create index rein_memories_user on rein_memories (user_id, updated_at);
create index rein_memories_updated on rein_memories (updated_at, seq);

-- For figures over time.
create index rein_runs_created on rein_runs (created_at) where parent_run_id is null;
