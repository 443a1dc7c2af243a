package dev.rein.internal.durable;

import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.run.Kernel;
import dev.rein.internal.stop.Threads;
import dev.rein.internal.storing.StoreQueue;
import dev.rein.queue.RunQueue.Claim;
import dev.rein.queue.RunQueue.Claimable;
import dev.rein.run.ComponentKind;
import dev.rein.session.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the durable runs of one store that this process can execute, and executes them. On one thread of its own: when the store
 * notifies it, when a slot becomes free, and every half second, because notifications get lost. Thread-safe.
 */
final class Worker {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** How long nobody claims a run again that could not be started here. */
    private static final Duration REFUSED_WAIT = Duration.ofSeconds(1);

    /** How many runs are claimed at once. */
    private static final int MOST_TOGETHER = 50;

    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    private record Key(ComponentKind kind, String id) {}

    private static final class Served {
        private final DurableComponent component;
        private final Slots slots;

        Served(DurableComponent component, int most) {
            this.component = component;
            this.slots = new Slots(most);
        }
    }

    private final Kernel kernel;
    private final SessionStore store;
    private final StoreQueue queue;
    private final Slots slots;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, Threads.daemon("rein-queue"));
    private final AtomicBoolean isWoken = new AtomicBoolean();

    /** Guarded by itself. */
    private final Map<Key, Served> served = new HashMap<>();

    /** The ids of the runs that were claimed and have not ended here. */
    private final Set<String> claimed = ConcurrentHashMap.newKeySet();

    /** Whether a call has failed that may have changed what this process has claimed. */
    private volatile boolean isUnsure;

    private boolean isBegun;
    private boolean failing;
    private volatile boolean ended;

    Worker(Kernel kernel, SessionStore store, StoreQueue queue, Slots slots) {
        this.kernel = kernel;
        this.store = store;
        this.queue = queue;
        this.slots = slots;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    SessionStore store() {
        return store;
    }

    StoreQueue queue() {
        return queue;
    }

    void serve(DurableComponent component, int most) {
        synchronized (served) {
            served.put(new Key(component.kind(), component.id()), new Served(component, most));
        }
        begin();
    }

    void serveIfNew(DurableComponent component) {
        synchronized (served) {
            served.putIfAbsent(new Key(component.kind(), component.id()), new Served(component, Integer.MAX_VALUE));
        }
        begin();
    }

    void leave(DurableComponent component) {
        synchronized (served) {
            served.values().removeIf(each -> each.component.equals(component));
        }
    }

    private synchronized void begin() {
        if (!isBegun && !ended) {
            isBegun = true;
            queue.onNews(this::wake);
            // It ends with the thread; poll() catches its own failures.
            var _ = thread.scheduleWithFixedDelay(this::poll, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
        wake();
    }

    /** There may be something to claim. */
    void wake() {
        if (!ended && isWoken.compareAndSet(false, true)) {
            try {
                thread.execute(this::poll);
            } catch (RejectedExecutionException e) {
                // It has ended.
            }
        }
    }

    /** Whether this process executes a run. */
    boolean executes(String runId) {
        return claimed.contains(runId);
    }

    /** Nothing is claimed any more. */
    void end() {
        ended = true;
        thread.shutdown();
        queue.onNews(() -> {});
    }

    private void poll() {
        isWoken.set(false);
        if (queue.isClosed()) {
            end();
            return;
        }
        try {
            giveBackUnknown();
            while (!ended && claim()) {
                failing = false;
            }
            failing = false;
        } catch (Exception | Error e) {
            if (!failing && !queue.isClosed()) {
                failing = true;
                log.warn(
                        "durable runs can't be claimed now; trying again every half second", PrintableExceptions.of(e));
            }
        }
    }

    /** Returns what this process has claimed without knowing, which nobody would execute. */
    private void giveBackUnknown() {
        if (isUnsure) {
            for (var claim : queue.claims()) {
                if (!claimed.contains(claim.run().runId())
                        && kernel.liveRun(claim.run().runId()) == null) {
                    queue.unclaim(claim, Duration.ZERO);
                }
            }
            isUnsure = false;
        }
    }

    /** @return whether there may be more to claim */
    private boolean claim() {
        var wanted = new ArrayList<Claimable>();
        synchronized (served) {
            served.forEach((key, each) -> {
                if (each.slots.free() > 0) {
                    wanted.add(new Claimable(key.kind(), key.id(), each.slots.free()));
                }
            });
        }
        var most = wanted.isEmpty() ? 0 : slots.take(MOST_TOGETHER);
        if (most == 0) {
            return false;
        }
        List<Claim> claims = List.of();
        try {
            claims = queue.claim(wanted, most);
        } catch (RuntimeException | Error e) {
            isUnsure = true;
            throw e;
        } finally {
            slots.giveBack(most - claims.size());
        }
        claims.forEach(this::begin);
        if (!claims.isEmpty()) {
            queue.claimed();
        }
        return claims.size() == most;
    }

    private void begin(Claim claim) {
        claimed.add(claim.run().runId());
        Served mine;
        synchronized (served) {
            mine = served.get(new Key(claim.run().source(), claim.run().componentId()));
        }
        var component = mine;
        if (component == null) {
            refused(claim, new IllegalStateException("its component has left meanwhile"));
            claimed.remove(claim.run().runId());
            slots.giveBack(1);
            return;
        }
        component.slots.take(1);
        // The plan and the start may run code of the user's.
        Thread.ofVirtual().name("rein-claim-" + claim.run().runId()).start(() -> execute(claim, component));
    }

    private void execute(Claim claim, Served component) {
        try {
            var plan = component.component.plan().apply(claim);
            kernel.execute(plan.claimed(claim)).onEnd(_ -> free(claim, component));
        } catch (Exception | Error e) {
            refused(claim, e);
            free(claim, component);
        }
    }

    private void free(Claim claim, Served component) {
        claimed.remove(claim.run().runId());
        component.slots.giveBack(1);
        slots.giveBack(1);
        wake();
    }

    /** It could not be started here: others may be able to. */
    private void refused(Claim claim, Throwable why) {
        if (!ended) {
            log.warn(
                    "run {} could not be started, and goes back to its queue",
                    claim.run().runId(),
                    PrintableExceptions.of(why));
        }
        try {
            queue.unclaim(claim, ended ? Duration.ZERO : REFUSED_WAIT);
        } catch (IllegalStateException e) {
            isUnsure = true;
            log.warn(
                    "run {} goes back to its queue when the lease of this process has expired",
                    claim.run().runId(),
                    e);
        }
    }
}
