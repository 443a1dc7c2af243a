package dev.rein.internal.run;

/** How the events of a run that is part of another are shown. */
public enum Shown {
    /** As its own. */
    OWN,
    /** Not at all, and those below it neither. */
    HIDDEN,
    /** Its text as the text of the run that it is part of, which it answers for; the rest as its own. */
    AS_PARENT
}
