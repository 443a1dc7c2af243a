package dev.rein.examples;

import dev.rein.run.RunOutput;

/** Describes the outcome of a run, for examples that go on with a run that has not completed. */
final class Outcome {
    private Outcome() {}

    /** The status and the answer. */
    static String of(RunOutput output) {
        var failure = output.failure();
        return output.status() + ": " + (failure == null ? output.text() : failure.message());
    }

    /** The status. */
    static String status(RunOutput output) {
        var failure = output.failure();
        return output.status() + (failure == null ? "" : ", " + failure.message());
    }
}
