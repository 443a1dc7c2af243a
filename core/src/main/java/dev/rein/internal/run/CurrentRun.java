package dev.rein.internal.run;

import dev.rein.internal.CurrentContext;
import org.jspecify.annotations.Nullable;

/** The run that the current thread works for. */
final class CurrentRun {
    private CurrentRun() {}

    static @Nullable Context get() {
        return CurrentContext.VALUE.isBound() ? (Context) CurrentContext.VALUE.get() : null;
    }

    /**
     * Whether a context is that of a run whose own thread calls this, and which is therefore current already. Asks no scoped
     * value: the first answer of one gives each thread a cache, which a run that waits would hold.
     */
    @SuppressWarnings("ReferenceEquality") // a context is itself and nothing else
    static boolean isOwn(Context context) {
        return context == context.run().context() && context.scope().isOwnThread();
    }

    static void run(Context context, Runnable code) {
        ScopedValue.where(CurrentContext.VALUE, context).run(code);
    }

    static <T extends @Nullable Object> T call(Context context, ScopedValue.CallableOp<T, Exception> code)
            throws Exception {
        return ScopedValue.where(CurrentContext.VALUE, context).call(code);
    }
}
