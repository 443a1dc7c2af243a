package dev.rein.internal.run;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelledException;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.PausableTimer;
import dev.rein.internal.stop.Phase;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunFailure;
import dev.rein.run.event.RunEvent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run on its way from being accepted to its first event, and to its own code. Guarded by the tree's lock, except for the ticket and the
 * dependencies.
 */
final class RunStart {
    private final Run run;
    private volatile AdmissionQueue.@Nullable Ticket ticket;
    private @Nullable PausableTimer queueLimit;
    private boolean shown;
    private volatile Map<String, Object> dependencies = Map.of();

    RunStart(Run run) {
        this.run = run;
    }

    void ticket(AdmissionQueue.Ticket place) {
        ticket = place;
    }

    /** Its place among the runs that wait to be admitted. */
    AdmissionQueue.Ticket ticket() {
        return Objects.requireNonNull(ticket);
    }

    /** Bounds the time until it begins to work, if its limits say so. */
    void limitQueueTime() {
        var atMost = run.limits().queue();
        if (atMost == null) {
            return;
        }
        var request = CancelRequest.now()
                .kind(CancelKind.DEADLINE)
                .reason("it was not started within " + Durations.nanos(atMost) / 1_000_000 + " ms");
        var limit = new PausableTimer(run.scope(), atMost, () -> run.scope().request(request));
        run.guarded(() -> {
            queueLimit = limit;
            limit.resume();
        });
    }

    /** The dependencies of its options, over those of the run above it; empty before they are resolved. */
    Map<String, Object> dependencies() {
        return dependencies;
    }

    /**
     * Calls the suppliers of its dependencies. Called on its thread, before its own code.
     *
     * @throws Exception the failure of a supplier, named
     */
    void resolveDependencies() throws Exception {
        var parent = run.parent();
        var all = new LinkedHashMap<String, Object>(parent == null ? Map.of() : parent.start().dependencies);
        for (var each : run.plan().options().dependencies().entrySet()) {
            all.put(each.getKey(), dependency(each.getKey(), each.getValue()));
        }
        dependencies = Collections.unmodifiableMap(all);
    }

    private Object dependency(String name, Object given) throws Exception {
        return switch (given) {
            case Callable<?> callable -> supplied(name, callable);
            case Supplier<?> supplier -> supplied(name, supplier::get);
            default -> given;
        };
    }

    private Object supplied(String name, Callable<?> supplier) throws Exception {
        var what = "dependency " + name;
        run.enter(Phase.WAITING, what);
        try {
            return UserCode.call(run.context(), CallInterceptor.Kind.HOOK, what, () -> {
                @Nullable Object value = supplier.call();
                if (value == null) {
                    throw new IllegalStateException("it returned null");
                }
                return value;
            });
        } catch (CancelledException e) {
            throw e;
        } catch (Exception e) {
            run.scope().throwIfCancelled();
            throw new IllegalStateException(
                    "dependency \"" + name + "\" of run " + run.id() + " failed: "
                            + RunFailure.of(e).describe(),
                    e);
        }
    }

    /** Shows the first event, at the latest right before the last one. */
    void show() {
        var first = run.<@Nullable RunEvent>locked(() -> {
            if (shown) {
                return null;
            }
            shown = true;
            if (queueLimit != null) {
                queueLimit.end();
            }
            run.delivery().meter().begin();
            return run.emitter().appendIfAny(run.plan().started());
        });
        if (first != null) {
            run.emitter().trace(first);
        }
    }
}
