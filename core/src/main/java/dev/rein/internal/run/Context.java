package dev.rein.internal.run;

import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation;
import dev.rein.run.CancelResult;
import dev.rein.run.RunContext;
import dev.rein.run.event.CustomEvent;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a run's own code sees of it: the run, and the scope of the piece of work that the code is. */
public final class Context implements RunContext {
    private final Run run;
    private final Scope scope;
    private final @Nullable String toolCallId;

    Context(Run run, Scope scope, @Nullable String toolCallId) {
        this.run = run;
        this.scope = scope;
        this.toolCallId = toolCallId;
    }

    Run run() {
        return run;
    }

    Scope scope() {
        return scope;
    }

    @Override
    public String runId() {
        return run.id();
    }

    @Override
    public String rootRunId() {
        return run.origin().rootRunId();
    }

    @Override
    public @Nullable String parentRunId() {
        return run.origin().parentRunId();
    }

    @Override
    public @Nullable String sessionId() {
        return run.sessionId();
    }

    @Override
    public @Nullable String userId() {
        return run.userId();
    }

    @Override
    public String componentId() {
        return run.origin().componentId();
    }

    @Override
    public @Nullable String toolCallId() {
        return toolCallId;
    }

    @Override
    public Map<String, Object> metadata() {
        return run.plan().options().metadata();
    }

    @Override
    public Map<String, Object> sessionState() {
        return run.state().values();
    }

    @Override
    public Cancellation cancellation() {
        return scope;
    }

    @Override
    public CancelResult cancel(CancelRequest request) {
        return run.cancel(request);
    }

    @Override
    public void onCancelled(Runnable cleanup) {
        run.onCancelled((_, _) -> cleanup.run());
    }

    @Override
    public void emit(String name, Map<String, Object> data) {
        run.emit(scope, name.length(), meta -> new CustomEvent(meta, name, data));
    }

    @Override
    public Runnable wrap(Runnable code) {
        return () -> Current.run(this, code);
    }

    @Override
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> code) {
        return () -> Current.call(this, code);
    }

    @Override
    public Executor wrap(Executor executor) {
        return task -> executor.execute(wrap(task));
    }
}
