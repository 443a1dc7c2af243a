package dev.rein.internal;

/** The texts that a model reads about interrupted work. Every such wording is defined here. */
public final class InterruptionTexts {
    /** The answer of a run that was stopped before it had given one. */
    public static final String NO_ANSWER = "(Stopped before an answer was given.)";

    /** The result of a tool call that was executing. */
    public static final String UNKNOWN_EFFECTS =
            "Interrupted: the run was stopped while this tool ran. Its effects are unknown.";

    /** The result of a tool call that had not started. */
    public static final String NOT_STARTED = "Not started: the run was stopped before this tool was called.";

    /** The input of a run whose guardrails have not let it pass yet. */
    public static final String UNCHECKED_INPUT = "(Withheld: not yet checked by the guardrails.)";

    private static final String INTERRUPTED = "\n[This message was interrupted.]";

    private InterruptionTexts() {}

    /** The input of a run that a guardrail has refused. */
    public static String refusedInput(String guardrail) {
        return "(Withheld: refused by the guardrail \"" + guardrail + "\".)";
    }

    /** A message that was cut off: without the note a model would take the incomplete sentence for its own. */
    public static String interrupted(String text) {
        return text + INTERRUPTED;
    }

    /** The result of a tool call or delegation that was stopped while its run continued. */
    public static String stopped(String reason) {
        return "Stopped: " + reason + ".";
    }

    /**
     * The result of a delegation to a team member whose run was stopped.
     *
     * @param text the member's text up to the stop; may be blank
     */
    public static String memberStopped(String memberId, String reason, String text) {
        return "Member " + runStopped(memberId, reason, text);
    }

    /**
     * The result of a tool call whose own run was stopped.
     *
     * @param text the run's text up to the stop; may be blank
     */
    public static String runStopped(String componentId, String reason, String text) {
        return componentId + " was stopped: " + reason + ". "
                + (text.isBlank() ? "It had not said anything." : "Until then it had said: " + text);
    }
}
