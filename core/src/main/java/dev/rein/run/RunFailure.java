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
        var message = exception.getMessage();
        var type = exception.getClass().getSimpleName();
        return new RunFailure(type, message == null || message.isBlank() ? type : message, exception);
    }
}
