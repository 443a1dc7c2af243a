package dev.rein.run.event;

/** What kind of component an event comes from. */
public enum Source {
    AGENT,
    TEAM,
    WORKFLOW
}
