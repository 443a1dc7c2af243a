package dev.rein.run;

import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation;
import dev.rein.internal.CurrentContext;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The run that a tool or hook works for. Thread-safe. A tool gets it by having a parameter of this type; code further down
 * asks for {@link #current()}.
 */
public interface RunContext {

    /** The run whose code the current thread executes; null outside any run. */
    static @Nullable RunContext current() {
        return CurrentContext.VALUE.isBound() ? (RunContext) CurrentContext.VALUE.get() : null;
    }

    String runId();

    /** The id of the run at the top of the tree; the same as {@link #runId()} there. */
    String rootRunId();

    @Nullable
    String parentRunId();

    @Nullable
    String sessionId();

    @Nullable
    String userId();

    /** The id of the agent, team or workflow that runs. */
    String componentId();

    /** The provider's id of the tool call being executed; null outside one. */
    @Nullable
    String toolCallId();

    /** The step of a workflow that this is part of, at any depth; null outside one. */
    @Nullable
    StepRef step();

    /** What the caller gave in {@link dev.rein.runtime.RunOptions#metadata()}. */
    Map<String, Object> metadata();

    /**
     * The session's state: a copy of this run's own, safe to change from any thread, merged into the session by key when
     * the run ends. Null keys and values are refused.
     */
    Map<String, Object> sessionState();

    /** How this run is stopped: what to ask, and where to register what ends a wait. */
    Cancellation cancellation();

    /** Stops this run. The code that calls this is not interrupted and may clean up; its result is not used. */
    CancelResult cancel(CancelRequest request);

    /**
     * Has {@code cleanup} run if this run is cancelled, after its code has returned: uninterrupted, 5 s at most unless the
     * agent says otherwise.
     */
    void onCancelled(Runnable cleanup);

    /** Adds an event of the user's own to the run's stream. */
    void emit(String name, Map<String, Object> data);

    /**
     * Tells those who watch how far a step is.
     *
     * @throws IllegalStateException outside the code of a workflow's step
     */
    void progress(String content, Map<String, Object> data);

    /** The same code, knowing this run when executed on another thread: runs it starts become children of this one. */
    Runnable wrap(Runnable code);

    /** @see #wrap(Runnable) */
    <T extends @Nullable Object> Callable<T> wrap(Callable<T> code);

    /** An executor whose tasks know this run. */
    Executor wrap(Executor executor);
}
