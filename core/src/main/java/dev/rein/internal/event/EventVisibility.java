package dev.rein.internal.event;

/**
 * The visibility of a child run's events.
 *
 * @param hidden whether the events of the run and its descendants are hidden
 * @param asParent whether its content events are emitted as the parent's, because it answers in place of the parent
 */
public record EventVisibility(boolean hidden, boolean asParent) {
    /** All events are visible as the run's own. */
    public static final EventVisibility OWN = new EventVisibility(false, false);

    /** This visibility within a parent of the given visibility. */
    public EventVisibility within(EventVisibility parent) {
        return parent.hidden ? new EventVisibility(true, asParent) : this;
    }
}
