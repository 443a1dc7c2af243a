package dev.rein.internal.run;

import dev.rein.internal.event.ListenerChannel;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Who observes a run, and who intercepts its calls. What happens is noted in order, also under the tree's lock. Thread-safe. */
public final class RunObservers {
    private static final RunObservers NOBODY = new RunObservers(null, List.of(), List.of());

    /** Null if nobody observes or intercepts. */
    private final @Nullable RunInfo run;

    private final List<RunListener> listeners;
    private final List<CallInterceptor> ofRun;
    private final AtomicBoolean started = new AtomicBoolean();

    private RunObservers(@Nullable RunInfo run, List<RunListener> listeners, List<CallInterceptor> ofRun) {
        this.run = run;
        this.listeners = listeners;
        this.ofRun = ofRun;
    }

    /**
     * Those of a run. Called on the thread that starts it.
     *
     * @param outer those of the run that it is part of, whose interceptors go on to intercept; null for a root, which has those of
     *     {@code kernel}
     */
    static RunObservers of(RunIdentity identity, RunPlan plan, Kernel kernel, @Nullable RunObservers outer) {
        var component = plan.component();
        var listeners = joined(
                outer == null ? kernel.listeners() : outer.listeners,
                component.listeners(),
                ListenerChannel::isSameListener);
        var interceptors = joined(
                outer == null ? kernel.interceptors() : outer.ofRun, component.interceptors(), RunObservers::areOne);
        if (listeners.isEmpty() && interceptors.isEmpty()) {
            return NOBODY;
        }
        var run = identity.info();
        kernel.observedBy(listeners);
        return new RunObservers(
                run,
                listeners,
                interceptors.stream().map(each -> each.forRun(run)).toList());
    }

    /** Both, each object once: a component below itself does not observe twice. */
    private static <T> List<T> joined(List<T> outer, List<T> own, BiPredicate<T, T> same) {
        if (own.isEmpty()) {
            return outer;
        }
        var all = new ArrayList<>(outer);
        for (var each : own) {
            if (all.stream().noneMatch(other -> same.test(other, each))) {
                all.add(each);
            }
        }
        return List.copyOf(all);
    }

    @SuppressWarnings("ReferenceEquality") // equals would be code of the user's
    private static boolean areOne(CallInterceptor one, CallInterceptor other) {
        return one == other;
    }

    /** Whether nobody would hear of it, so that it need not be made. */
    public boolean isDeaf() {
        return listeners.isEmpty();
    }

    /** Whether there are interceptors. */
    boolean intercept() {
        return !ofRun.isEmpty();
    }

    /** Notes that the run begins to work. */
    void started() {
        if (!listeners.isEmpty() && started.compareAndSet(false, true)) {
            putAll(RunListener::runStarted);
        }
    }

    /** Notes its end; of a run that was stopped before it began, its start too. */
    void ended(RunOutput output) {
        started();
        putAll((listener, info) -> listener.runEnded(info, output));
    }

    /** Notes that the run waits for people. */
    void paused() {
        if (!listeners.isEmpty()) {
            var at = Instant.now();
            putAll((listener, info) -> listener.runPaused(info, at));
        }
    }

    public void modelRequestEnded(RunListener.ModelRequest request) {
        putAll((listener, info) -> listener.modelRequestEnded(info, request));
    }

    public void toolCallEnded(RunListener.ToolCall call) {
        putAll((listener, info) -> listener.toolCallEnded(info, call));
    }

    public void guardrailChecked(RunListener.GuardrailCheck check) {
        putAll((listener, info) -> listener.guardrailChecked(info, check));
    }

    private void putAll(BiConsumer<RunListener, RunInfo> notification) {
        for (var listener : listeners) {
            notification.accept(listener, Objects.requireNonNull(run));
        }
    }

    /** Has the listeners notified of what was noted. Not called under the lock: it may start threads. */
    public void wake() {
        for (var listener : listeners) {
            if (listener instanceof ListenerChannel channel) {
                channel.wake();
            }
        }
    }

    /** Calls code of the user's through the interceptors. */
    <T extends @Nullable Object> T intercept(CallInterceptor.Call call, Callable<T> code) throws Exception {
        var next = code;
        for (var interceptor : ofRun.reversed()) {
            var inner = next;
            next = () -> interceptor.intercept(call, inner);
        }
        return next.call();
    }
}
