package dev.rein.internal.event;

/**
 * How the events of a run that is part of another are shown.
 *
 * @param hidden not at all, and those below it neither
 * @param asParent its text as the text of the run that it is part of, which it answers for; the rest as its own
 */
public record EventVisibility(boolean hidden, boolean asParent) {
    /** As its own. */
    public static final EventVisibility OWN = new EventVisibility(false, false);

    /** The same below a run that is shown in this way. */
    public EventVisibility below(EventVisibility above) {
        return above.hidden ? new EventVisibility(true, asParent) : this;
    }
}
