package dev.rein.os.internal.queue;

import dev.rein.cancel.CancelRequest;
import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.runs.ComponentRegistry;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.queue.RunQueue;
import dev.rein.run.ComponentKind;
import dev.rein.run.LiveRun;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Executes the durable runs of the served components while the server serves, also those that an earlier process has left. Thread-safe. */
public final class DurableExecution {
    private final ServerSettings settings;
    private final ComponentRegistry registry;
    private final StoreAccess stored;
    private final List<Runs.Registration> registrations = new ArrayList<>();

    /** @throws IllegalArgumentException if runs are to be durable, and a component has no store with a queue */
    public DurableExecution(ServerSettings settings, ComponentRegistry registry, StoreAccess stored) {
        this.settings = settings;
        this.registry = registry;
        this.stored = stored;
        if (settings.durable() != null) {
            components().forEach(component -> requireQueue(component, stored));
        }
    }

    private Stream<Component> components() {
        return Stream.of(ComponentKind.AGENT, ComponentKind.TEAM, ComponentKind.WORKFLOW)
                .flatMap(kind -> registry.all(kind).stream());
    }

    private static void requireQueue(Component component, StoreAccess stored) {
        var store = stored.of(component);
        if (!(store instanceof RunQueue)) {
            throw new IllegalArgumentException("durable(..) is set, but " + component.id() + " has "
                    + (store == null
                            ? "no store"
                            : "the store " + store.getClass().getSimpleName() + ", which has no queue")
                    + ": give it or the server a JdbcSessionStore, or leave durable(..) out");
        }
    }

    /** Executes durable runs from now on. */
    public synchronized void start() {
        if (settings.durable() != null) {
            settings.runs().durableSlots(settings.limits().backgroundRuns());
            components()
                    .forEach(component -> registrations.add(
                            settings.runs().executeDurableRuns(component, settings.store(), Integer.MAX_VALUE)));
        }
    }

    /** Claims no further runs. */
    public synchronized void leave() {
        registrations.forEach(Runs.Registration::close);
        registrations.clear();
    }

    private List<LiveRun> live() {
        return settings.durable() == null
                ? List.of()
                : components()
                        .flatMap(component -> Stream.ofNullable(stored.of(component)))
                        .distinct()
                        .flatMap(store -> settings.runs().executingDurableRuns(store).stream())
                        .filter(run -> run.status() != RunStatus.PAUSED)
                        .filter(run -> registry.serves(run.source(), run.componentId()))
                        .toList();
    }

    /**
     * Waits until this process executes none.
     *
     * @param deadline by {@link System#nanoTime}
     * @return false if that has not happened in time
     */
    public boolean awaitIdle(long deadline) throws InterruptedException {
        for (var run : live()) {
            var handle = settings.runs().handle(run.runId());
            try {
                if (handle.isPresent()) {
                    handle.get().await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                }
            } catch (TimeoutException e) {
                return false;
            }
        }
        return true;
    }

    /** Returns what this process executes to the queues. */
    public void handOver(CancelRequest shutdown) {
        live().forEach(run -> settings.runs().cancel(run.runId(), shutdown));
    }
}
