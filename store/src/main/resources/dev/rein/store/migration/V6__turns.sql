-- 1 while the run waits for its session's turn.
alter table rein_runs add column waits integer not null default 0;

-- The live runs of a session, which are few, in the order in which they entered.
create index rein_runs_turns on rein_runs (session_id, seq) where ended_at is null and parent_run_id is null;
