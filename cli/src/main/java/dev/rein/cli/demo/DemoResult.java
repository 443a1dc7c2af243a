package dev.rein.cli.demo;

import dev.rein.cancel.CancelKind;
import dev.rein.run.RunOutput;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a demo.
 *
 * @param title the demo's title
 * @param output the run's output
 * @param charactersAfterStop number of characters delivered after {@code cancel} returned; null if the run was not
 *     cancelled
 */
record DemoResult(String title, RunOutput output, @Nullable Integer charactersAfterStop) {

    /**
     * Tokens delivered after the cancel, at four characters per token, rounded up; null if the run was not cancelled.
     */
    @Nullable
    Integer tokensAfterStop() {
        return charactersAfterStop == null ? null : (charactersAfterStop + 3) / 4;
    }

    /** The reason of the run's end, in a few words. */
    String reason() {
        var cause = output.cause();
        var failure = output.failure();
        if (failure != null) {
            return failure.message();
        }
        return cause == null ? "" : cause.reason();
    }

    /** Whether to skip further demos: the process is shutting down, or the model failed. */
    boolean isLast() {
        var cause = output.cause();
        return output.isError() || (cause != null && cause.kind() == CancelKind.SHUTDOWN);
    }
}
