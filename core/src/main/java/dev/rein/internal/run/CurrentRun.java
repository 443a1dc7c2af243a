package dev.rein.internal.run;

import dev.rein.run.RunContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Which run the current thread works for. */
public final class CurrentRun {
    private static final ScopedValue<Context> CONTEXT = ScopedValue.newInstance();

    private CurrentRun() {}

    public static @Nullable RunContext context() {
        return get();
    }

    static @Nullable Context get() {
        return CONTEXT.isBound() ? CONTEXT.get() : null;
    }

    static void run(Context context, Runnable code) {
        ScopedValue.where(CONTEXT, context).run(code);
    }

    static <T extends @Nullable Object> T call(Context context, Callable<T> code) throws Exception {
        return ScopedValue.where(CONTEXT, context).<T, Exception>call(code::call);
    }
}
