package dev.rein.os.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.wire.Catalog;
import dev.rein.os.internal.wire.EventOptions;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.os.internal.wire.Frame;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.StreamExpiredException;
import java.io.IOException;
import java.time.Duration;

/**
 * A client comes back to a run: what it has missed, told apart from what follows. Of a run that has ended it is a replay,
 * else a catch-up.
 */
final class Resume {
    private final Catalog catalog;
    private final RunHandle run;
    private final long after;

    /** @param after the index of the last event that the client has; -1 for none */
    Resume(Catalog catalog, RunHandle run, long after) {
        this.catalog = catalog;
        this.run = run;
        this.after = after;
    }

    /**
     * What there is now.
     *
     * @param all how many events the run has had
     * @param events how many of them the client has not seen
     * @param frames what these are on the wire
     */
    private record Count(long all, int events, int frames) {}

    Sse.End send(Sse sse) {
        var options = EventOptions.all().withEventIndex(true).after(after);
        var hasEnded = run.status().isTerminal();
        try (var events = run.events(EventWire.kernelIndexOf(after))) {
            var count = count(options);
            sse.write((hasEnded ? replay(count) : catchUp(count)).spacedSse());
            var wire = new EventWire(catalog, run::output, options);
            if (!hasEnded) {
                for (var left = count.events; left > 0; left--) {
                    var event = events.next(Duration.ZERO);
                    if (event != null) {
                        sse.write(event, wire);
                    }
                }
                sse.write(subscribed(count).spacedSse());
            }
            sse.flush();
            var end = sse.pump(events, wire);
            if (end == Sse.End.EXPIRED) {
                expired(sse, run);
            }
            return end;
        } catch (StreamExpiredException e) {
            return hasEnded && sse.isEmpty() ? Sse.End.FORGOTTEN : expiredQuietly(sse);
        } catch (IOException e) {
            return Sse.End.GONE;
        }
    }

    private Sse.End expiredQuietly(Sse sse) {
        try {
            expired(sse, run);
            return Sse.End.EXPIRED;
        } catch (IOException e) {
            return Sse.End.GONE;
        }
    }

    private Count count(EventOptions options) {
        var wire = new EventWire(catalog, run::output, options);
        var last = -1L;
        var events = 0;
        var frames = 0;
        try (var log = run.events(EventWire.kernelIndexOf(after))) {
            for (var event = log.next(Duration.ZERO); event != null; event = log.next(Duration.ZERO)) {
                last = event.index();
                events++;
                frames += wire.frames(event).size();
            }
        }
        return new Count((events == 0 ? Waiting.last(run) : last) + 1, events, frames);
    }

    private ObjectNode control(String name) {
        return HttpJson.object().put("event", name).put("run_id", run.id());
    }

    private Frame replay(Count count) {
        var status = run.status().name();
        return new Frame(
                "replay",
                control("replay")
                        .put("status", status)
                        .put("total_events", count.frames)
                        .put("total_buffered", count.all)
                        .put("last_event_index_requested", after)
                        .put(
                                "message",
                                "Run " + status + ". Replaying " + count.frames + " missed events (of " + count.all
                                        + " total)."));
    }

    private Frame catchUp(Count count) {
        return new Frame(
                "catch_up",
                control("catch_up")
                        .put("status", "running")
                        .put("missed_events", count.frames)
                        .put("current_event_count", count.all)
                        .put("message", "Catching up on " + count.frames + " missed events."));
    }

    private Frame subscribed(Count count) {
        return new Frame(
                "subscribed",
                control("subscribed")
                        .put("status", "running")
                        .put("current_event_count", count.all)
                        .put("message", "Following the run from here on."));
    }

    /** The client fell behind what is kept of a run. */
    static void expired(Sse sse, RunHandle run) throws IOException {
        sse.write(new Frame(
                        "stream_expired",
                        HttpJson.object()
                                .put("event", "stream_expired")
                                .put("run_id", run.id())
                                .put("status", Statuses.shown(run.status()))
                                .put(
                                        "message",
                                        "This stream fell behind what is kept of the run: fetch the run, or resume it"
                                                + " later"))
                .spacedSse());
        sse.flush();
    }
}
