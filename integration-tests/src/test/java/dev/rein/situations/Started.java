package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Component;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunStream;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A run that was started in one of the three forms, with a thread that collects its events. */
final class Started {
    private final String id;
    private final CompletableFuture<RunOutput> output = new CompletableFuture<>();
    private final CompletableFuture<Boolean> eventsOver = new CompletableFuture<>();
    private final List<RunEvent> events = new CopyOnWriteArrayList<>();
    private @Nullable Thread owner;

    private Started(RunOptions options) {
        this.id = Objects.requireNonNull(options.runId());
    }

    static Started run(Component component, String input, RunOptions options) {
        var started = new Started(options);
        started.owner = Thread.ofPlatform()
                .name("owner of run()")
                .daemon()
                .unstarted(() -> started.complete(() -> component.run(input, options)));
        started.owner.start();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Runs.shared().handle(started.id).isPresent() || started.output.isDone());
        Runs.shared()
                .handle(started.id)
                .ifPresentOrElse(handle -> started.collect(handle.events()), () -> started.eventsOver.complete(false));
        return started;
    }

    static Started stream(Component component, String input, RunOptions options) {
        var started = new Started(options);
        var stream = new CompletableFuture<RunStream>();
        started.owner = Thread.ofPlatform()
                .name("owner of stream()")
                .daemon()
                .unstarted(() -> started.complete(() -> {
                    try (var events = component.stream(input, options)) {
                        stream.complete(events);
                        for (var event : events) {
                            started.events.add(event);
                        }
                        started.eventsOver.complete(true);
                        return events.output();
                    } finally {
                        stream.cancel(false);
                    }
                }));
        started.owner.start();
        assertThat(stream).succeedsWithin(Waiting.LONG);
        return started;
    }

    static Started start(Component component, String input, RunOptions options) {
        var started = new Started(options);
        var handle = component.start(input, options);
        started.collect(handle.events());
        started.owner =
                Thread.ofPlatform().name("waiter of start()").daemon().unstarted(() -> started.complete(handle::await));
        started.owner.start();
        return started;
    }

    private interface Code {
        RunOutput call() throws Exception;
    }

    private void complete(Code code) {
        try {
            output.complete(code.call());
        } catch (Throwable e) {
            output.completeExceptionally(e);
        }
    }

    private void collect(EventStream stream) {
        Thread.ofVirtual().name("event collector").start(() -> {
            try (stream) {
                stream.forEach(events::add);
                eventsOver.complete(true);
            } catch (Throwable e) {
                eventsOver.completeExceptionally(e);
            }
        });
    }

    String id() {
        return id;
    }

    /** The thread that sits in {@code run()}, in the stream's iterator, or in {@code await()}. */
    Thread owner() {
        return Objects.requireNonNull(owner);
    }

    RunHandle handle() {
        return Runs.shared().handle(id).orElseThrow(() -> new AssertionError("run " + id + " is not live"));
    }

    CancelResult cancel() {
        return cancel(CancelRequest.now());
    }

    CancelResult cancel(CancelRequest request) {
        return Runs.shared().cancel(id, request);
    }

    /** Waits for the end. */
    RunOutput end() {
        return end(Waiting.LONG);
    }

    RunOutput end(Duration atMost) {
        try {
            var ended = output.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            assertThat(eventsOver).as("its events end too").succeedsWithin(Waiting.LONG);
            return ended;
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "run " + id + " did not end within " + atMost + ": "
                            + Runs.shared().find(id),
                    e);
        } catch (ExecutionException e) {
            throw new AssertionError("run " + id + " threw", e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for run " + id, e);
        }
    }

    boolean isOver() {
        return output.isDone();
    }

    /** What was seen so far; empty too when {@code run()} was faster than whoever wanted to watch. */
    List<RunEvent> events() {
        return List.copyOf(events);
    }

    <T extends RunEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Whether all events were seen. */
    boolean wasWatched() {
        return eventsOver.getNow(false);
    }

    String delivered() {
        return delivered(id);
    }

    /** The text that one run of the tree delivered. */
    String delivered(String runId) {
        var text = new StringBuilder();
        events(RunContent.class).stream()
                .filter(event -> event.runId().equals(runId))
                .forEach(event -> text.append(event.content()));
        return text.toString();
    }

    /** How many runs of the tree, as far as they are shown, have delivered exactly this so far. */
    long deliveredTimes(String text) {
        return events(RunContent.class).stream()
                .map(RunEvent::runId)
                .distinct()
                .filter(runId -> delivered(runId).equals(text))
                .count();
    }

    /** Waits until an event of this kind was seen. */
    <T extends RunEvent> T awaitEvent(Class<T> type) {
        return awaitEvents(type, 1).getFirst();
    }

    <T extends RunEvent> List<T> awaitEvents(Class<T> type, int count) {
        Waiting.until(
                type.getSimpleName() + " x " + count + " of run " + id,
                () -> events(type).size() >= count);
        return events(type);
    }

    void awaitAny(Predicate<RunEvent> wanted) {
        Waiting.until("an event of run " + id, () -> events.stream().anyMatch(wanted));
    }
}
