package dev.rein.os.internal.route;

import io.javalin.http.Context;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The memory of a request's body, which counts against a limit of the server until the request has been answered. */
public interface Input {
    /** The request attribute with the input. */
    String ATTRIBUTE = "rein.input";

    /** Keeps counting until {@code done} is true: the run of the request keeps the input. */
    void keepUntil(BooleanSupplier done);

    /** Keeps the input of a request counted for as long as it is needed. */
    static void keepUntil(Context http, BooleanSupplier done) {
        @Nullable Input input = http.attribute(ATTRIBUTE);
        if (input != null) {
            input.keepUntil(done);
        }
    }
}
