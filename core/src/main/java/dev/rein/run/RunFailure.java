package dev.rein.run;

import org.jspecify.annotations.Nullable;

/**
 * Why a run ended as ERROR.
 *
 * @param type a short name: the simple name of the exception
 * @param message what went wrong and what to do
 * @param exception the exception itself; null for a run of another process
 */
public record RunFailure(
        String type, String message, @Nullable Throwable exception) {
    /** A description of an exception; one without a message is described by its type. */
    public static RunFailure of(Throwable exception) {
        var message = message(exception);
        var type = type(exception);
        return new RunFailure(type, message == null || message.isBlank() ? type : message, exception);
    }

    /** The type and the message in one line. */
    public String describe() {
        return message.equals(type) ? type : type + ": " + message;
    }

    /** Its simple name; that of an anonymous class is empty, so of such a one the end of its full name. */
    private static String type(Throwable exception) {
        var name = exception.getClass().getSimpleName();
        var full = exception.getClass().getName();
        return name.isEmpty() ? full.substring(full.lastIndexOf('.') + 1) : name;
    }

    /** Its message may be made by code that fails: a run must end all the same. */
    private static @Nullable String message(Throwable exception) {
        try {
            return exception.getMessage();
        } catch (Throwable e) {
            return "its message can't be told: " + type(e) + " in " + type(exception) + ".getMessage()";
        }
    }
}
