package dev.rein.examples;

import dev.rein.run.RunOutput;

/** How the examples show what a run has come to: one that has failed says why. */
final class Outcome {
    private Outcome() {}

    /** The status and the answer. */
    static String of(RunOutput output) {
        return output.status() + ": " + text(output);
    }

    /** The answer. */
    static String text(RunOutput output) {
        var failure = output.failure();
        return failure == null ? output.text() : failure.message();
    }

    /** The status. */
    static String status(RunOutput output) {
        var failure = output.failure();
        return output.status() + (failure == null ? "" : ", " + failure.message());
    }
}
