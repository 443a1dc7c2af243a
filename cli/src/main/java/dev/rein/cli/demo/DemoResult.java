package dev.rein.cli.demo;

import dev.rein.cancel.CancelKind;
import dev.rein.run.RunOutput;
import org.jspecify.annotations.Nullable;

/**
 * How a demo's run ended.
 *
 * @param title the demo
 * @param output the run
 * @param charactersAfterStop how much text was delivered once {@code cancel} had returned; null when it was not called in time
 */
record DemoResult(String title, RunOutput output, @Nullable Integer charactersAfterStop) {

    /** Tokens delivered after the stop, at four characters a token, rounded up; null when there was no stop. */
    @Nullable
    Integer tokensAfterStop() {
        return charactersAfterStop == null ? null : (charactersAfterStop + 3) / 4;
    }

    /** Why the run ended as it did, in a few words. */
    String reason() {
        var cause = output.cause();
        var failure = output.failure();
        if (failure != null) {
            return failure.message();
        }
        return cause == null ? "" : cause.reason();
    }

    /** Whether no further demo makes sense: the process is ending, or the model does not answer. */
    boolean isLast() {
        var cause = output.cause();
        return output.isError() || (cause != null && cause.kind() == CancelKind.SHUTDOWN);
    }
}
