package dev.rein.bench.provider;

import dev.rein.agent.Agent;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.RunStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A streamed run; its reader knows of the stop when it has the last event. */
final class StoppableRun implements Stoppable {
    private final RunStream stream;
    private final CompletableFuture<Long> stopped = new CompletableFuture<>();
    private final AtomicInteger contents = new AtomicInteger();

    private StoppableRun(RunStream stream) {
        this.stream = stream;
    }

    static StoppableRun start(Agent agent) {
        var run = new StoppableRun(agent.stream("Tell me a story."));
        Thread.ofPlatform().daemon().name("bench-reader").start(run::read);
        return run;
    }

    private void read() {
        for (var event : stream) {
            if (event instanceof RunContent) {
                contents.incrementAndGet();
            } else if (event instanceof RunCancelled) {
                stopped.complete(System.nanoTime());
            }
        }
        stream.close();
        stopped.completeExceptionally(new IllegalStateException("the run ended otherwise: " + stream.output()));
    }

    @Override
    public long progress() {
        return contents.get();
    }

    @Override
    public void stop() {
        stream.cancel();
    }

    @Override
    public long awaitStopped() {
        return stopped.join();
    }
}
