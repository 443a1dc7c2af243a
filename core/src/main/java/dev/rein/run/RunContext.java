package dev.rein.run;

import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation;
import dev.rein.internal.CurrentContext;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The context of a run for tools, hooks and the functions of steps. A tool receives it by declaring a parameter of this
 * type; code that it calls can use {@link #current()}. Thread-safe.
 */
public interface RunContext {

    /** Returns the context of the run that the current thread works for; null outside of runs. */
    static @Nullable RunContext current() {
        return CurrentContext.VALUE.isBound() ? (RunContext) CurrentContext.VALUE.get() : null;
    }

    String runId();

    /** The id of the run at the top of the tree; the same as {@link #runId()} for a root. */
    String rootRunId();

    @Nullable
    String parentRunId();

    @Nullable
    String sessionId();

    @Nullable
    String userId();

    /** The id of the agent, team or workflow. */
    String componentId();

    /** The id of the tool call that is executed, as given by the provider; null outside of tools. */
    @Nullable
    String toolCallId();

    /** The innermost step of a workflow that contains the run; null outside a workflow. */
    @Nullable
    StepRef step();

    /** The metadata that the caller gave in {@link dev.rein.runtime.RunOptions#metadata()}. */
    Map<String, Object> metadata();

    /**
     * The dependencies of this run, see {@link dev.rein.runtime.RunOptions#dependencies(Map)}, and of the runs above it. Immutable; empty
     * until those of this run are resolved, which is before its hooks and its instructions function are called.
     */
    Map<String, Object> dependencies();

    /**
     * Returns a dependency of this run.
     *
     * @throws IllegalStateException if there is none with this name, or it has another type; the message says which there are
     */
    default <T> T dependency(String name, Class<T> type) {
        var all = dependencies();
        var value = all.get(name);
        if (value == null) {
            throw new IllegalStateException("run " + runId() + " has no dependency \"" + name + "\", but "
                    + all.keySet() + ": give it one with RunOptions.defaults().dependency(\"" + name + "\", ..)");
        }
        if (!type.isInstance(value)) {
            throw new IllegalStateException(
                    "dependency \"" + name + "\" is a " + value.getClass().getName() + ", not a " + type.getName());
        }
        return type.cast(value);
    }

    /**
     * The session state: a copy for this run that may be modified by any thread. It is merged into the session by key
     * when the run ends. Null keys and values are rejected.
     */
    Map<String, Object> sessionState();

    /** The cancellation of this run, for checks and for registering aborters. */
    Cancellation cancellation();

    /** Stops this run. The calling code is not interrupted and may clean up; its result is ignored. */
    CancelResult cancel(CancelRequest request);

    /**
     * Registers a cleanup that runs if this run is cancelled, after its code has returned. It is not interrupted within its
     * time limit: 5 s unless the component sets another one.
     *
     * @throws IllegalStateException if 10,000 are registered
     */
    void onCancelled(Runnable cleanup);

    /** Emits a {@link dev.rein.run.event.CustomEvent} in the run's stream. */
    void emit(String name, Map<String, Object> data);

    /**
     * Emits a {@link dev.rein.run.event.StepProgress} with the progress of a step.
     *
     * @throws IllegalStateException outside the function of a workflow's step
     */
    void progress(String content, Map<String, Object> data);

    /**
     * Asks people during a tool call, and waits for their decision. The run is PAUSED when nothing else in it works; the time limit of the
     * call stands still. Another process can't resume the run while it waits here. Called on a thread of the call.
     *
     * @return the decision; the values of a question with a schema have the types of the schema
     * @throws IllegalStateException outside of tool calls, and on another thread once the call has returned
     * @throws dev.rein.cancel.CancelledException if the run is stopped while it waits
     */
    Decision ask(Question question);

    /** Wraps code so that it keeps this context on another thread: runs that it starts become children of this run. */
    Runnable wrap(Runnable code);

    /** Wraps code so that it keeps this context on another thread. */
    <T extends @Nullable Object> Callable<T> wrap(Callable<T> code);

    /** Wraps an executor so that its tasks keep this context. */
    Executor wrap(Executor executor);
}
