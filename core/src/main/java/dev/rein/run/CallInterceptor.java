package dev.rein.run;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Code around each call that a run makes to a model, a tool, a hook or a step's function, on the thread that makes it: carries a
 * logging context, a security context or an open span onto that thread. Registered with a component's builder for its runs and all
 * runs below them, or with {@code Runs} for every run. The first one registered is the outermost. Thread-safe: calls of one run
 * may happen at once.
 *
 * <p>An interceptor is part of the call: the run waits for it, a stop interrupts it, and what it throws is the failure of the call.
 */
@FunctionalInterface
public interface CallInterceptor {

    /** What is called. */
    enum Kind {
        MODEL_REQUEST,
        TOOL_CALL,
        /** A hook before or after an agent's work, or a cleanup after a stop. */
        HOOK,
        /** The function of a workflow's step, or the one that decides for a condition, a loop or a router. */
        STEP
    }

    /**
     * A call.
     *
     * @param kind what is called
     * @param name the model's id, or the name of the tool, the hook or the step
     * @param context the run
     */
    record Call(Kind kind, String name, RunContext context) {}

    /**
     * Makes a call.
     *
     * @param code the call itself; to be called once, on this thread
     * @return what {@code code} has returned
     * @throws Exception what {@code code} throws, or why it is not called
     */
    <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception;

    /**
     * The interceptor for one run. Called on the thread that starts the run, so that it can capture what is bound to that thread.
     *
     * @return itself unless overridden
     */
    default CallInterceptor forRun(RunInfo run) {
        return this;
    }
}
