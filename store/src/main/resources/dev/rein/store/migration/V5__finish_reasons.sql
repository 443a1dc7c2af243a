-- JSON: why the last response of the model ended; null for none, and for runs that earlier versions have stored.
alter table rein_runs add column finish text;
