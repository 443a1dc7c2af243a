package dev.rein.internal.durable;

import dev.rein.internal.Ids;
import dev.rein.internal.run.Kernel;
import dev.rein.internal.run.RunPlan;
import dev.rein.internal.storing.StoreQueue;
import dev.rein.queue.DurableOptions;
import dev.rein.queue.QueuedRun;
import dev.rein.queue.RunQueue;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import dev.rein.text.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The durable runs of one {@link dev.rein.runtime.Runs}: puts them into the queues of their stores, and executes what it claims there. Thread-safe. */
public final class DurableRuns {
    /** How many durable runs a process executes at the same time, unless it is told otherwise. */
    public static final int DEFAULT_SLOTS = 32;

    private final Kernel kernel;
    private final List<Worker> workers = new ArrayList<>();
    private final Slots slots = new Slots(DEFAULT_SLOTS);
    private boolean isEnding;

    public DurableRuns(Kernel kernel) {
        this.kernel = kernel;
        kernel.whenEnding(this::end);
    }

    private synchronized void end() {
        isEnding = true;
        workers.forEach(Worker::end);
    }

    /** Bounds the durable runs that this process executes at the same time; 0 for none. */
    public void slots(int most) {
        slots.most(most);
        List<Worker> all;
        synchronized (this) {
            all = List.copyOf(workers);
        }
        all.forEach(Worker::wake);
    }

    /**
     * Executes the durable runs of a component from now on.
     *
     * @param most the maximum number of its runs at the same time
     * @return ends that; runs that were claimed go on
     */
    public Runnable serve(DurableComponent component, int most) {
        var worker = worker(queueStore(component));
        worker.serve(component, most);
        return () -> worker.leave(component);
    }

    /** Whether this process executes a durable run of a store. */
    @SuppressWarnings("ReferenceEquality") // stores are compared by identity
    public boolean executes(String runId, SessionStore store) {
        List<Worker> all;
        synchronized (this) {
            all = List.copyOf(workers);
        }
        return all.stream().anyMatch(each -> each.store() == store && each.executes(runId));
    }

    /**
     * Puts a run into the queue of its store.
     *
     * @param plan its plan, which is used for its input and options only
     */
    public RunHandle start(RunPlan plan, DurableComponent component) {
        var options = plan.options();
        var durable = Objects.requireNonNull(options.durability());
        var store = queueStore(component);
        kernel.requireOpen();
        var worker = worker(store);
        var id = options.runId() == null ? Ids.ofRun() : options.runId();
        var row = StoredRun.builder(id, component.kind(), component.id())
                .sessionId(options.sessionId())
                .userId(options.userId())
                .metadata(options.metadata())
                .input(plan.input())
                .epoch(1)
                .build();
        var place = place(row, component, options, durable);
        var queued = enqueue(worker.queue(), row, place, component.policy(), durable);
        worker.serveIfNew(component);
        worker.wake();
        return new DurableHandle(kernel, worker.queue(), queued);
    }

    private static QueuedRun place(
            StoredRun row, DurableComponent component, RunOptions options, DurableOptions durable) {
        return new QueuedRun(
                row.runId(),
                component.kind(),
                component.id(),
                options.priority(),
                durable.notBefore(),
                0,
                durable.attempts(),
                durable.backoff(),
                component.policy() == SessionPolicy.QUEUE && row.sessionId() != null,
                durable.idempotencyKey(),
                StoredOptions.of(options, durable.checkpoints()),
                true,
                null);
    }

    /** @return the run that is in the queue: the given one, or that of an earlier start with the same key */
    private static StoredRun enqueue(
            StoreQueue queue, StoredRun row, QueuedRun place, SessionPolicy policy, DurableOptions durable) {
        RunQueue.Enqueued answer;
        try {
            answer = queue.enqueue(row, place, policy, durable.maxQueued());
        } catch (IllegalStateException e) {
            var value = invalidValue(e);
            if (value != null) {
                throw new IllegalArgumentException("the store can't hold the run: " + PlainText.message(value), value);
            }
            throw new RunRejectedException(
                    Reason.STORE_UNAVAILABLE,
                    "the store did not take run " + row.runId() + ": " + PlainText.message(e)
                            + ". It may have taken it all the same: start it again with the same idempotency key",
                    e);
        }
        var other = answer.other();
        return switch (answer.result()) {
            case QUEUED -> row;
            case KEY_USED -> sameStart(Objects.requireNonNull(other), row, durable.idempotencyKey());
            case FULL ->
                throw new RunRejectedException(
                        Reason.QUEUE_FULL,
                        durable.maxQueued() + " durable runs are queued, as many as may: try again later, or raise"
                                + " DurableOptions.maxQueued");
            case BUSY ->
                throw new RunRejectedException(
                        Reason.SESSION_BUSY,
                        "session " + row.sessionId() + " runs already"
                                + (other == null ? "" : " (run " + other.runId() + ")")
                                + ": wait for it, cancel it, or choose another SessionPolicy");
            case ID_USED ->
                throw new RunRejectedException(
                        Reason.ID_USED,
                        "a run with id \"" + row.runId() + "\" is stored already: give another runId, or none");
        };
    }

    private static StoredRun sameStart(StoredRun other, StoredRun row, @Nullable String key) {
        if (!Objects.equals(other.userId(), row.userId())) {
            throw new RunRejectedException(
                    Reason.ID_USED,
                    "the idempotency key \"" + key
                            + "\" is that of a run of another user: choose another key, such as one"
                            + " with the user's id");
        }
        if (other.source() == row.source() && other.componentId().equals(row.componentId())) {
            return other;
        }
        throw new RunRejectedException(
                Reason.ID_USED,
                "the idempotency key \"" + key + "\" is that of run " + other.runId() + " of " + other.componentId()
                        + ", and this is " + row.componentId() + ": choose another key");
    }

    private static @Nullable IllegalArgumentException invalidValue(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof IllegalArgumentException invalid) {
                return invalid;
            }
        }
        return null;
    }

    private static RunQueue queueStore(DurableComponent component) {
        if (component.store() instanceof RunQueue queue) {
            return queue;
        }
        throw new IllegalArgumentException(
                "durable runs of " + component.id() + " need a store with a queue, and it has "
                        + (component.store() == null
                                ? "none"
                                : "a " + component.store().getClass().getSimpleName())
                        + ": build it with a JdbcSessionStore");
    }

    @SuppressWarnings("ReferenceEquality") // stores are compared by identity
    private synchronized Worker worker(SessionStore store) {
        workers.removeIf(each -> each.queue().isClosed());
        for (var each : workers) {
            if (each.store() == store) {
                return each;
            }
        }
        var lease = Objects.requireNonNull(kernel.stores().of(store));
        var worker = new Worker(kernel, store, new StoreQueue(lease), slots);
        workers.add(worker);
        if (isEnding) {
            worker.end();
        }
        return worker;
    }
}
