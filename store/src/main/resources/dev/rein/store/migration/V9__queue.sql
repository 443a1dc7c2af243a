-- The places of durable runs in the queue, which stay until their runs are deleted. The row of a queued run is PENDING and has no owner.
create table rein_queue (
    seq ${identity}, -- the order in which they entered
    run_id text not null unique references rein_runs (run_id) on delete cascade,
    component text not null, -- kind and id
    queued integer not null, -- 1 while it waits for a process
    in_order integer not null, -- 1 if it waits for the earlier runs of its session
    priority integer not null,
    available_at bigint not null, -- milliseconds since 1970 by the database's clock
    attempt integer not null, -- how many executions were begun
    attempts integer not null, -- how many there may be
    backoff bigint not null, -- milliseconds
    idempotency_key text unique,
    options text not null, -- JSON
    error text -- JSON: why the last execution ended that was followed by another
);

-- The queued ones, which are few, in the order in which they are claimed.
create index rein_queue_queued on rein_queue (priority desc, seq) where queued = 1;
