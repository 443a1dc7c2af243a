-- What the model was told before the conversation.
alter table rein_runs add column system_message text; -- JSON
