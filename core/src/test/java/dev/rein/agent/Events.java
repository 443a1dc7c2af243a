package dev.rein.agent;

import dev.rein.run.RunOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Helpers for events in tests. */
public final class Events {
    private Events() {}

    /** Returns all events of a run; waits for its end. */
    public static List<RunEvent> of(RunHandle run) {
        try (var events = run.events()) {
            return rest(events);
        }
    }

    /** Returns the remaining events of a stream. */
    public static List<RunEvent> rest(EventStream stream) {
        var all = new ArrayList<RunEvent>();
        stream.forEach(all::add);
        return all;
    }

    public static List<String> names(RunHandle run) {
        return names(of(run));
    }

    public static List<String> names(List<RunEvent> events) {
        return events.stream().map(RunEvent::name).toList();
    }

    public static <T extends RunEvent> List<T> only(Class<T> type, List<RunEvent> events) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public static Stream<RunEvent> ofRun(String runId, List<RunEvent> events) {
        return events.stream().filter(event -> event.runId().equals(runId));
    }

    /** What a run has come to when it has ended or is paused, which has to come soon. */
    public static RunOutput rested(RunHandle run) {
        try {
            return end(run);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the output of a run; waits for its end. */
    public static RunOutput end(RunHandle run) throws InterruptedException {
        try {
            return run.await(Duration.ofMinutes(1));
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
