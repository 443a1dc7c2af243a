package dev.rein.internal.run;

import dev.rein.internal.CurrentContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The run that the current thread works for. */
final class CurrentRun {
    private CurrentRun() {}

    static @Nullable Context get() {
        return CurrentContext.VALUE.isBound() ? (Context) CurrentContext.VALUE.get() : null;
    }

    static void run(Context context, Runnable code) {
        ScopedValue.where(CurrentContext.VALUE, context).run(code);
    }

    static <T extends @Nullable Object> T call(Context context, Callable<T> code) throws Exception {
        return ScopedValue.where(CurrentContext.VALUE, context).<T, Exception>call(code::call);
    }
}
