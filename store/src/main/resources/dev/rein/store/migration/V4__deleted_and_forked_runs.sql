-- The run that a run of a forked session is a copy of.
alter table rein_runs add column forked_from text;

-- Live runs whose session was deleted, until their process has taken the request to stop them.
create table rein_deleted_runs (
    run_id text primary key,
    owner text not null,
    asked text not null -- JSON: the requests to stop it
);

create index rein_deleted_runs_owner on rein_deleted_runs (owner);

-- Events of deleted runs, which earlier versions could leave behind.
delete from rein_events where not exists (select 1 from rein_runs where run_id = root_run_id);
