-- The runs that have not ended, which are few, for lists of them.
create index rein_runs_alive on rein_runs (created_at, seq) where ended_at is null;

-- The trees of runs that clients of other processes follow, and until when: milliseconds since 1970 by the database's clock.
create table rein_followed_runs (
    root_run_id text primary key,
    until bigint not null
);

-- What happens in them, text included, kept only while they are followed. Many events in one row.
create table rein_live_events (
    root_run_id text not null references rein_followed_runs (root_run_id) on delete cascade,
    first_index bigint not null,
    last_index bigint not null,
    events text not null, -- JSON
    primary key (root_run_id, first_index)
);

-- Lists of the runs of a session and of a tree. In SQLite they have all that a list shows besides texts, because what comes after the
-- texts and messages of a row is found only by reading these, which may be megabytes. PostgreSQL keeps them elsewhere.
create index rein_runs_listed on rein_runs (session_id, seq${shown});
drop index rein_runs_session;
create index rein_runs_trees on rein_runs (root_run_id, seq${shown});
drop index rein_runs_root;
