package dev.rein.telemetry;

import dev.rein.model.ModelException;
import dev.rein.run.RunFailure;
import java.util.Locale;

/** The types of failures, of which there are few, so that metrics can be divided by them. */
final class Failures {
    private Failures() {}

    /** The kind of a model's failure in lower case, for others the name of the exception. */
    static String type(RunFailure failure) {
        return failure.exception() instanceof ModelException model
                ? model.kind().name().toLowerCase(Locale.ROOT)
                : failure.type();
    }
}
