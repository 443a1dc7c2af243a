package dev.rein.internal.run;

import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

/**
 * How many background runs work at once; the others queue, those of a higher priority first. Thread-safe. Whoever is let in
 * is told by the executor: the caller may hold the lock of another tree.
 *
 * <pre>
 *   join --> QUEUED --(let in)--> WORKING --leave--> gone
 *      \------(room)------------> WORKING --rest--> RESTING --goOn--> WORKING (also when that is one too many)
 * </pre>
 */
final class BackgroundQueue {
    private static final Comparator<Queued> ORDER =
            Comparator.<Queued>comparingInt(each -> -each.priority).thenComparingLong(each -> each.number);

    private record Queued(Run run, int priority, long number) {}

    private final Executor elsewhere;
    private final TreeSet<Queued> queue = new TreeSet<>(ORDER);
    private final Set<Run> working = new HashSet<>();
    private int most = Integer.MAX_VALUE;
    private int mostQueued = Integer.MAX_VALUE;
    private long next;

    BackgroundQueue(Executor elsewhere) {
        this.elsewhere = elsewhere;
    }

    /** @param newMost at least 1 */
    void limit(int newMost, int newMostQueued) {
        synchronized (this) {
            most = newMost;
            mostQueued = newMostQueued;
        }
        letIn();
    }

    /** @throws RunRejectedException if too many queue already */
    synchronized void join(Run run) {
        if (working.size() < most) {
            working.add(run);
        } else if (queue.size() >= mostQueued) {
            throw new RunRejectedException(
                    Reason.QUEUE_FULL,
                    working.size() + " background runs work and " + queue.size()
                            + " queue, as many as may: try again later, cancel some with Runs.preempt(n), or raise"
                            + " Runs.maxConcurrentRuns");
        } else {
            queue.add(new Queued(run, run.plan().options().priority(), next++));
        }
    }

    synchronized boolean isLetIn(Run run) {
        return working.contains(run);
    }

    /** It has ended, or it rests: it waits for people. */
    void leave(Run run) {
        synchronized (this) {
            if (!working.remove(run)) {
                queue.removeIf(each -> each.run.equals(run));
                return;
            }
        }
        letIn();
    }

    /** It works again, which nobody makes it wait for. */
    synchronized void goOn(Run run) {
        working.add(run);
    }

    /** How many more may begin at once. */
    synchronized int free() {
        return most == Integer.MAX_VALUE ? 0 : Math.max(0, most - working.size());
    }

    private void letIn() {
        var letIn = new ArrayList<Run>();
        synchronized (this) {
            while (working.size() < most && !queue.isEmpty()) {
                var run = queue.removeFirst().run;
                working.add(run);
                letIn.add(run);
            }
        }
        letIn.forEach(run -> elsewhere.execute(run.scope()::signal));
    }

    /** Those that work, the lowest priority first, and of one priority the youngest. */
    List<Run> lowest() {
        var runs = new ArrayList<Run>();
        synchronized (this) {
            runs.addAll(working);
        }
        runs.sort(Comparator.<Run>comparingInt(run -> run.plan().options().priority())
                .thenComparing(Comparator.<Run, java.time.Instant>comparing(
                                run -> run.live().createdAt())
                        .reversed()));
        return runs;
    }
}
