package dev.rein.internal.run;

/**
 * How the events of a run that is part of another are shown.
 *
 * @param hidden not at all, and those below it neither
 * @param asParent its text as the text of the run that it is part of, which it answers for; the rest as its own
 */
public record Shown(boolean hidden, boolean asParent) {
    /** As its own. */
    public static final Shown OWN = new Shown(false, false);

    /** The same below a run that is shown in this way. */
    Shown below(Shown above) {
        return above.hidden ? new Shown(true, asParent) : this;
    }
}
