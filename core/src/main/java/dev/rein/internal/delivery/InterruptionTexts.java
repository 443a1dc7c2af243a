package dev.rein.internal.delivery;

/** What a model reads of that which was stopped, in one place. */
public final class InterruptionTexts {
    /** The answer of a run that was stopped before it had given one. */
    public static final String NO_ANSWER = "(Stopped before an answer was given.)";

    /** The answer of a run that had none, and was not stopped. No provider accepts an empty message. */
    public static final String EMPTY_ANSWER = "(No answer was given.)";

    /** The result of a tool call that was executing. */
    public static final String UNKNOWN_EFFECTS =
            "Interrupted: the run was stopped while this tool ran. Its effects are unknown.";

    /** The result of a tool call that had not begun. */
    public static final String NOT_STARTED = "Not started: the run was stopped before this tool was called.";

    /** The result of a tool call of which a history has none. */
    public static final String NO_RESULT = "No result of this call was recorded. Its effects are unknown.";

    private static final String INTERRUPTED = "\n[This message was interrupted.]";

    private InterruptionTexts() {}

    /** A message that was cut short: without the note a model would take the torn sentence for its own. */
    public static String interrupted(String text) {
        return text + INTERRUPTED;
    }

    /** The result of a call, or a member, that was stopped alone. */
    public static String stopped(String reason) {
        return "Stopped: " + reason + ".";
    }
}
