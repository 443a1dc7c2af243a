package dev.rein.internal.storing;

import dev.rein.internal.PrintableExceptions;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the first rows of runs, on the thread of their store. Those that are pending at the same time are written together: with
 * a transaction for each, some of a thousand runs that start at once would wait longer for their store than a start may.
 */
final class FirstRows {
    private static final int MAX_TOGETHER = 100;

    private final Executor thread;

    /** The rows to be written, in their order. */
    private final Queue<FirstRow> starts = new ConcurrentLinkedQueue<>();

    FirstRows(Executor thread) {
        this.thread = thread;
    }

    /**
     * A first row to be written.
     *
     * @param row supplies it when it is written; null if it is no longer wanted
     * @param then told whether it is new
     */
    private record FirstRow(
            Supplier<@Nullable StoredRun> row, Consumer<Boolean> then, CompletableFuture<Boolean> written) {

        @Nullable
        StoredRun get() {
            try {
                var run = PrintableExceptions.get(row);
                if (run == null) {
                    written.complete(false);
                }
                return run;
            } catch (RuntimeException | Error e) {
                written.completeExceptionally(e);
                return null;
            }
        }

        void complete(Supplier<Boolean> insert) {
            try {
                var isNew = PrintableExceptions.get(insert);
                then.accept(isNew);
                written.complete(isNew);
            } catch (RuntimeException | Error e) {
                written.completeExceptionally(e);
            }
        }
    }

    /**
     * Writes the first row of a run.
     *
     * @param row supplies the row when it is written; null if it is no longer wanted, which counts as not new
     * @param then told on the store's thread whether the row is new, before the result is complete
     * @return whether the row is new
     */
    CompletableFuture<Boolean> insert(SessionStore store, Supplier<@Nullable StoredRun> row, Consumer<Boolean> then) {
        var start = new FirstRow(row, then, new CompletableFuture<>());
        starts.add(start);
        try {
            thread.execute(() -> writeStarts(store, start));
        } catch (RejectedExecutionException e) {
            starts.remove(start);
            throw e;
        }
        return start.written;
    }

    /** Writes a first row, unless it was written with an earlier one, together with those behind it. */
    private void writeStarts(SessionStore store, FirstRow first) {
        if (!starts.remove(first)) {
            return;
        }
        var together = new LinkedHashMap<FirstRow, StoredRun>();
        for (var start = first; start != null; start = together.size() < MAX_TOGETHER ? starts.poll() : null) {
            var run = start.get();
            if (run != null) {
                together.put(start, run);
            }
        }
        if (together.size() == 1) {
            together.forEach((start, run) -> start.complete(() -> store.insert(run)));
        } else if (!together.isEmpty()) {
            insertTogether(store, together);
        }
    }

    private static void insertTogether(SessionStore store, Map<FirstRow, StoredRun> together) {
        List<Boolean> areNew;
        try {
            areNew = PrintableExceptions.get(() -> store.insert(List.copyOf(together.values())));
        } catch (RuntimeException | Error e) {
            // One of them can't be stored, or the store fails: which, each finds out by itself.
            together.forEach((start, run) -> start.complete(() -> store.insert(run) || isStored(store, run)));
            return;
        }
        var results = areNew.iterator();
        together.keySet().forEach(start -> start.complete(results::next));
    }

    /** Whether a write that has failed has stored the first row of a run all the same. */
    private static boolean isStored(SessionStore store, StoredRun first) {
        return store.run(first.runId())
                .filter(row -> row.createdAt().equals(first.createdAt()) && row.epoch() == first.epoch())
                .filter(row -> Objects.equals(row.owner(), first.owner()))
                .isPresent();
    }
}
