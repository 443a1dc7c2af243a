package dev.rein.run;

/** The kinds of components. */
public enum ComponentKind {
    AGENT,
    TEAM,
    WORKFLOW
}
