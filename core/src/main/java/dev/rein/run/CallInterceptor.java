package dev.rein.run;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Code around each call of a run to a model, a tool, a hook, a guardrail or the function of a step, on the thread of that call, for
 * example to propagate a logging context, a security context or a span to that thread. Registered with a component's
 * builder for its runs and all runs below them, or with {@code Runs} for every run. The first one registered is the
 * outermost. Implementations must be thread-safe, because calls of a run may be concurrent.
 *
 * <p>An interceptor is part of the call: the run waits for it, a stop interrupts it, and its exception is the failure of
 * the call.
 */
@FunctionalInterface
public interface CallInterceptor {

    /** The kinds of calls. */
    enum Kind {
        MODEL_REQUEST,
        TOOL_CALL,
        /** A hook before or after an agent's work, a function that gives a run instructions or tools, or a cleanup after a stop. */
        HOOK,
        /** A check of a guardrail. */
        GUARDRAIL,
        /** The function of a workflow's step, or of a condition, a loop or a router. */
        STEP
    }

    /**
     * A call.
     *
     * @param kind the kind of call
     * @param name the id of the model, or the name of the tool, hook, guardrail or step
     * @param context the context of the run
     */
    record Call(Kind kind, String name, RunContext context) {}

    /**
     * Makes a call.
     *
     * @param code the call itself, which must be called at most once, on this thread
     * @return the result of {@code code}
     * @throws Exception the exception of {@code code}, or the reason why it is not called
     */
    <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception;

    /**
     * Returns the interceptor of one run. Called on the thread that starts the run, so that it can capture the context of
     * that thread. Returns this interceptor by default.
     */
    default CallInterceptor forRun(RunInfo run) {
        return this;
    }
}
