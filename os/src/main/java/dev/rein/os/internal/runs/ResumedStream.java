package dev.rein.os.internal.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.wire.ComponentCatalog;
import dev.rein.os.internal.wire.EventOptions;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.StreamExpiredException;
import dev.rein.session.SessionStore;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a client that resumes a run: first the missed events, as a replay of an ended run or a catch-up of a
 * live one, then new events.
 */
public final class ResumedStream {
    private final ComponentCatalog catalog;
    private final RunHandle run;
    private final long after;
    private final Supplier<EventOptions> reader;

    /**
     * @param after the {@code event_index} of the last frame that the client has received; -1 for none
     * @param reader the options for the frames after it
     */
    ResumedStream(ComponentCatalog catalog, RunHandle run, long after, Supplier<EventOptions> reader) {
        this.catalog = catalog;
        this.run = run;
        this.after = after;
        this.reader = reader;
    }

    /**
     * The events at the time of the request.
     *
     * @param all number of frames of the run
     * @param events number of those that the client has missed
     * @param frames number of frames of the missed events
     */
    private record Count(long all, int events, int frames) {}

    SseResponse.End send(SseResponse sse) {
        var hasEnded = run.status().isTerminal();
        EventOptions options;
        try {
            options = reader.get();
        } catch (StreamExpiredException e) {
            return hasEnded ? SseResponse.End.NOT_IN_MEMORY : expiredQuietly(sse);
        }
        try (var events = run.events(options.readAfter())) {
            var count = count(options);
            var missed = hasEnded ? replay(count) : ControlFrames.catchUp(run.id(), count.frames, count.all);
            sse.write(ControlFrames.sse(missed));
            var wire = new EventWire(catalog, run::output, options);
            if (!hasEnded) {
                for (var left = count.events; left > 0; left--) {
                    var event = events.next(Duration.ZERO);
                    if (event != null) {
                        sse.write(event, wire::frames);
                    }
                }
                sse.write(ControlFrames.sse(ControlFrames.subscribed(run.id(), count.all)));
            }
            sse.flush();
            var end = sse.sendAll(run.id(), events, wire::frames);
            if (end == SseResponse.End.EXPIRED) {
                expired(sse, run);
            }
            return end;
        } catch (StreamExpiredException e) {
            return hasEnded && sse.isEmpty() ? SseResponse.End.NOT_IN_MEMORY : expiredQuietly(sse);
        } catch (IOException e) {
            return SseResponse.End.DISCONNECTED;
        } catch (Throwable e) {
            return sse.fail(run.id(), e);
        }
    }

    private SseResponse.End expiredQuietly(SseResponse sse) {
        try {
            expired(sse, run);
            return SseResponse.End.EXPIRED;
        } catch (IOException e) {
            return SseResponse.End.DISCONNECTED;
        }
    }

    private Count count(EventOptions options) {
        var wire = new EventWire(catalog, run::output, options);
        var next = -1L;
        var events = 0;
        var frames = 0;
        try (var log = run.events(options.readAfter())) {
            for (var event = log.next(Duration.ZERO); event != null; event = log.next(Duration.ZERO)) {
                next = EventWire.nextIndex(event);
                events++;
                frames += wire.frames(event).size();
            }
        }
        return new Count((events == 0 ? nextIndex(run) : next) - wire.leftOut(), events, frames);
    }

    /** The number of frames of a run up to now, which is the {@code event_index} of its next one; large if it is not known. */
    static long nextFrame(RunHandle run, @Nullable SessionStore store) {
        var next = nextIndex(run);
        try {
            return next - FrameNumbers.afterEvent(run, next - 1, store).leftOut();
        } catch (StreamExpiredException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The index after that of the last event of a run up to now. */
    public static long nextIndex(RunHandle run) {
        var next = 0L;
        while (true) {
            try (var events = run.events(next - 1)) {
                for (var event = events.next(Duration.ZERO); event != null; event = events.next(Duration.ZERO)) {
                    next = EventWire.nextIndex(event);
                }
                return next;
            } catch (StreamExpiredException e) {
                next = e.oldestIndex();
            }
        }
    }

    /**
     * Follows a run of another process.
     *
     * @param frames makes the frames of its events
     */
    static void follow(String runId, EventStream events, SseResponse.Frames frames, SseResponse sse)
            throws IOException {
        sse.write(ControlFrames.sse(ControlFrames.elsewhere(runId)));
        sse.flush();
        sse.sendAll(runId, events, frames);
    }

    /** Replays the stored events of a run. */
    static void replay(String runId, StoredReplay stored, SseResponse sse) throws IOException {
        sse.write(ControlFrames.sse(ControlFrames.of("replay", runId)
                .put("status", stored.status())
                .put("total_events", stored.count())
                .put("message", "Run " + stored.status() + ". Replaying " + stored.count() + " stored events.")));
        try {
            stored.send(sse::write);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            sse.fail(runId, e);
            return;
        }
        sse.flush();
    }

    private ObjectNode replay(Count count) {
        var status = run.status().name();
        return ControlFrames.of("replay", run.id())
                .put("status", status)
                .put("total_events", count.frames)
                .put("total_buffered", count.all)
                .put("last_event_index_requested", after)
                .put(
                        "message",
                        "Run " + status + ". Replaying " + count.frames + " missed events (of " + count.all
                                + " total).");
    }

    /** Tells the client that the events it would read next are no longer in memory. */
    static void expired(SseResponse sse, RunHandle run) throws IOException {
        var message = "This stream fell behind what is kept of the run: fetch the run, or resume it later";
        sse.write(ControlFrames.sse(ControlFrames.expired(run.id(), run.status(), message)));
        sse.flush();
    }
}
