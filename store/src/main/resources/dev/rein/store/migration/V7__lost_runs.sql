-- The processes that have not heard yet that another one has a run of theirs, or has ended it. A run may have been passed on several
-- times meanwhile: in place of rein_runs.former_owner, which had room for the last of them only, and is no longer used.
create table rein_lost_runs (
    run_id text not null,
    owner text not null,
    primary key (run_id, owner)
);

create index rein_lost_runs_owner on rein_lost_runs (owner);

insert into rein_lost_runs (run_id, owner) select run_id, former_owner from rein_runs where former_owner is not null;
