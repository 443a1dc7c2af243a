package dev.rein.bench.kernel;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.run.event.RunContent;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;

/**
 * What a token costs on its way from the model to the one who reads the stream; beside it the same text through a bare
 * queue, between the same kinds of threads.
 */
final class StreamCost implements Measurement {
    private static final int WARM_UP = 3;
    /** As many as the kernel keeps. */
    private static final int BOUND = 10_000;

    private final int events;
    private final int streams;

    StreamCost(int events, int streams) {
        this.events = events;
        this.streams = streams;
    }

    @Override
    public String title() {
        return streams + " streams of " + events + " events";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws InterruptedException {
        var agent = Agent.builder()
                .name("Bench Agent")
                .model(new Models.Flood(events))
                .build();
        for (var i = 0; i < WARM_UP; i++) {
            stream(agent);
            queue();
        }
        var each = new Samples();
        var bareEach = new Samples();
        for (var i = 0; i < streams; i++) {
            each.add(stream(agent) * 1e9 / events);
            bareEach.add(queue() * 1e9 / events);
        }
        return List.of(
                Row.of(KernelGroup.NAME, "stream/time_per_token", "ns", each, bareEach, Statistic.P50, null),
                Row.of(KernelGroup.NAME, "stream/time_per_token", "ns", each, bareEach, Statistic.MAX, null));
    }

    private double stream(Agent agent) {
        var started = System.nanoTime();
        var seen = 0;
        try (var stream = agent.stream("Go")) {
            for (var event : stream) {
                if (event instanceof RunContent) {
                    seen++;
                }
            }
        }
        if (seen != events) {
            throw new IllegalStateException(seen + " tokens came instead of " + events);
        }
        return (System.nanoTime() - started) / 1e9;
    }

    private double queue() throws InterruptedException {
        var queue = new ArrayBlockingQueue<String>(BOUND);
        var started = System.nanoTime();
        Thread.startVirtualThread(() -> {
            try {
                for (var i = 0; i < events; i++) {
                    queue.put("word ");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (var i = 0; i < events; i++) {
            queue.take();
        }
        return (System.nanoTime() - started) / 1e9;
    }
}
