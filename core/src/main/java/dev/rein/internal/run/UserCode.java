package dev.rein.internal.run;

import dev.rein.internal.stop.CancellableWaits;
import dev.rein.run.CallInterceptor;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The door between the kernel and the code of users: models, tools, hooks, and the functions of steps are called here. */
public final class UserCode {
    private UserCode() {}

    /**
     * Calls user code, which knows its run and is intercepted, unless a stop came first.
     *
     * @param name the model's id, or the name of the tool, the hook or the step
     * @throws Exception what it throws
     * @throws dev.rein.cancel.CancelledException if a stop came first
     */
    public static <T extends @Nullable Object> T call(
            Context context, CallInterceptor.Kind kind, String name, CancellableWaits.UserCode<T, Exception> code)
            throws Exception {
        return call(context, kind, name, () -> {}, code);
    }

    /**
     * The same for a start that leaves a record.
     *
     * @param started records the start; called under the lock that a stop takes
     */
    public static <T extends @Nullable Object> T call(
            Context context,
            CallInterceptor.Kind kind,
            String name,
            Runnable started,
            CancellableWaits.UserCode<T, Exception> code)
            throws Exception {
        var scope = context.scope();
        if (!context.run().observers().intercept() && CurrentRun.isOwn(context)) {
            // Nothing in between: a run that waits in the call holds every frame of its stack.
            return scope.callUserCode(started, code);
        }
        return scope.callUserCode(
                started,
                () -> intercepted(context, kind, name, () -> {
                    // An interceptor may have taken its time.
                    scope.throwIfCancelled();
                    return code.call();
                }));
    }

    /** Calls a cleanup, which a stop lets run. */
    static void cleanUp(Context context, String name, Callable<?> code) throws Exception {
        intercepted(context, CallInterceptor.Kind.HOOK, name, code);
    }

    private static <T extends @Nullable Object> T intercepted(
            Context context, CallInterceptor.Kind kind, String name, Callable<T> code) throws Exception {
        return CurrentRun.call(
                context,
                () -> context.run().observers().intercept(new CallInterceptor.Call(kind, name, context), code));
    }
}
