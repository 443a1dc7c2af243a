package dev.rein.bench.kernel;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Heap;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Very many runs wait for a model that needs no socket: how long it takes to start them, what each one holds, and how long it
 * takes to stop them. Beside it as many virtual threads, each waiting for a future.
 */
final class ManyRuns implements Measurement {
    /** Time to start all, heap of each, time to stop all. */
    private record Measured(Samples start, Samples heap, Samples stop) {
        Measured() {
            this(new Samples(), new Samples(), new Samples());
        }
    }

    private final int count;
    private final int rounds;

    ManyRuns(int count, int rounds) {
        this.count = count;
        this.rounds = rounds;
    }

    @Override
    public String title() {
        return count + " runs wait for a model without a socket";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws InterruptedException {
        var run = new Measured();
        var bare = new Measured();
        // The heap in a round of its own: the collections that it takes make the heap small, and what follows them
        // slow.
        runs(run, true);
        threads(bare, true);
        for (var i = 0; i < rounds; i++) {
            runs(run, false);
            threads(bare, false);
        }
        var name = "many_runs/" + count + "_waiting";
        return List.of(
                Row.of(KernelGroup.NAME, name + "/start_all", "ms", run.start, bare.start, Statistic.MAX, null),
                Row.of(KernelGroup.NAME, name + "/heap_per_run", "KiB", run.heap, bare.heap, Statistic.MAX, null),
                Row.of(KernelGroup.NAME, name + "/cancel_all", "ms", run.stop, bare.stop, Statistic.MAX, null));
    }

    private void runs(Measured measured, boolean heap) throws InterruptedException {
        var waiting = new AtomicInteger();
        var crowd = new RunCrowd(Agent.builder()
                .name("Bench Agent")
                .model(new Models.Silent(waiting))
                .build());
        var before = heap ? Heap.used() : 0;
        var started = System.nanoTime();
        for (var i = 0; i < count; i++) {
            crowd.add();
        }
        awaitAll(waiting);
        var startMillis = (System.nanoTime() - started) / 1e6;
        if (heap) {
            measured.heap.add((Heap.used() - before) / 1024.0 / count);
            crowd.stop();
        } else {
            measured.start.add(startMillis);
            measured.stop.add(crowd.stop().endedMillis());
        }
    }

    private void threads(Measured measured, boolean heap) throws InterruptedException {
        var waiting = new AtomicInteger();
        var ended = new CountDownLatch(count);
        var futures = new ArrayList<CompletableFuture<Void>>();
        var before = heap ? Heap.used() : 0;
        var started = System.nanoTime();
        for (var i = 0; i < count; i++) {
            var future = new CompletableFuture<Void>();
            futures.add(future);
            Thread.startVirtualThread(() -> {
                waiting.incrementAndGet();
                try {
                    future.get();
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException("a future that is only completed has failed", e);
                } finally {
                    ended.countDown();
                }
            });
        }
        awaitAll(waiting);
        var startMillis = (System.nanoTime() - started) / 1e6;
        if (heap) {
            measured.heap.add((Heap.used() - before) / 1024.0 / count);
        }
        started = System.nanoTime();
        futures.forEach(future -> future.complete(null));
        ended.await();
        if (!heap) {
            measured.start.add(startMillis);
            measured.stop.add((System.nanoTime() - started) / 1e6);
        }
    }

    private void awaitAll(AtomicInteger waiting) throws InterruptedException {
        while (waiting.get() < count) {
            Thread.sleep(1);
        }
    }
}
