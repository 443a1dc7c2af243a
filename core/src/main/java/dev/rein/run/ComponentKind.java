package dev.rein.run;

/** What kind of component an event comes from. */
public enum ComponentKind {
    AGENT,
    TEAM,
    WORKFLOW
}
