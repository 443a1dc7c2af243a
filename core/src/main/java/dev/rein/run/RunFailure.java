package dev.rein.run;

import org.jspecify.annotations.Nullable;

/**
 * The reason why a run ended as ERROR.
 *
 * @param type the simple name of the exception, or the type of a guardrail's failure
 * @param message what went wrong and what to do about it
 * @param exception the exception; null for a run of another process
 * @param guardrail the name of the guardrail that has refused a text of the run or could not check it; null for another failure
 */
public record RunFailure(
        String type,
        String message,
        @Nullable Throwable exception,
        @Nullable String guardrail) {

    /** The kinds of failures. */
    public enum Kind {
        /** A guardrail has refused a text, or could not check it. */
        GUARDRAIL,
        OTHER
    }

    /** An exception of a guardrail. */
    public interface OfGuardrail {
        /** The name of the guardrail. */
        String guardrail();

        /** The type of the failure: {@code InputCheckError}, {@code OutputCheckError} or {@code ToolCheckError}. */
        String failureType();
    }

    /** A failure of no guardrail. */
    public RunFailure(String type, String message, @Nullable Throwable exception) {
        this(type, message, exception, null);
    }

    /** What kind of failure it is. */
    public Kind kind() {
        return guardrail == null ? Kind.OTHER : Kind.GUARDRAIL;
    }

    /** Returns the failure for an exception; its type stands in for a missing message. */
    public static RunFailure of(Throwable exception) {
        var message = message(exception);
        var refusal = exception instanceof OfGuardrail of ? of : null;
        var type = refusal == null ? type(exception) : refusal.failureType();
        return new RunFailure(
                type,
                message == null || message.isBlank() ? type : message,
                exception,
                refusal == null ? null : refusal.guardrail());
    }

    /** The type and the message in one line. */
    public String describe() {
        return message.equals(type) ? type : type + ": " + message;
    }

    /** Leaves the exception out: its code may fail. */
    @Override
    public String toString() {
        return "RunFailure[type=" + type + ", message=" + message + "]";
    }

    /** The simple name of the class; for an anonymous class, whose simple name is empty, the last part of its name. */
    private static String type(Throwable exception) {
        var name = exception.getClass().getSimpleName();
        var full = exception.getClass().getName();
        return name.isEmpty() ? full.substring(full.lastIndexOf('.') + 1) : name;
    }

    /** The message may come from code that fails, and the run must end nevertheless. */
    private static @Nullable String message(Throwable exception) {
        try {
            return exception.getMessage();
        } catch (Throwable e) {
            return "the message is unavailable: " + type(e) + " in " + type(exception) + ".getMessage()";
        }
    }
}
