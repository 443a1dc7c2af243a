package dev.rein.bench.walk;

import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.StreamExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Collects the events of one tree of runs, over its pauses. Thread-safe. */
final class EventCollector {
    private final List<RunEvent> events = new ArrayList<>();
    private final IntConsumer onEvent;
    private @Nullable Thread reader;
    private volatile boolean expired;
    private volatile @Nullable Throwable failure;

    /** @param onEvent called with the number of each event, from 0, on the thread that reads */
    EventCollector(IntConsumer onEvent) {
        this.onEvent = onEvent;
    }

    /** Reads on in a thread of its own, until the run pauses or ends. */
    void follow(RunHandle handle) {
        reader = Thread.ofVirtual().name("walk-collector").start(() -> {
            try (var stream = handle.events(last())) {
                stream.forEach(this::add);
            } catch (StreamExpiredException e) {
                expired = true;
            } catch (Throwable e) {
                failure = e;
            }
        });
    }

    void add(RunEvent event) {
        int number;
        synchronized (events) {
            number = events.size();
            events.add(event);
        }
        onEvent.accept(number);
    }

    private long last() {
        synchronized (events) {
            return events.isEmpty() ? -1 : events.getLast().index();
        }
    }

    /** Waits until the reader has come to a pause or to the end. */
    void await(Duration atMost) throws InterruptedException {
        var current = reader;
        if (current != null && !current.join(atMost)) {
            throw new Breach("rule 5: the events of a run that is paused or has ended do not end");
        }
        var thrown = failure;
        if (thrown != null) {
            throw new Breach("reading the events of a run threw " + thrown, thrown);
        }
    }

    /** Whether the terminal event of the tree was seen. */
    boolean isOver() {
        synchronized (events) {
            return !events.isEmpty() && events.getLast() instanceof Terminal last && last.isRoot();
        }
    }

    /** Whether the log had dropped events before they were read. */
    boolean isExpired() {
        return expired;
    }

    List<RunEvent> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }
}
