package dev.rein.os.internal.socket;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.route.LogText;
import dev.rein.os.internal.runs.ControlFrames;
import dev.rein.os.internal.runs.FrameNumbers;
import dev.rein.os.internal.runs.OpenStreams;
import dev.rein.os.internal.runs.ResumedStream;
import dev.rein.os.internal.runs.StoredReplay;
import dev.rein.os.internal.wire.ComponentCatalog;
import dev.rein.os.internal.wire.EventFrame;
import dev.rein.os.internal.wire.EventOptions;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.StreamExpiredException;
import dev.rein.session.SessionStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a run's events to a socket on a separate thread. A disconnect does not affect the run. As clients expect, a run
 * started by the socket is sent as server-sent events, a reconnected one as plain JSON.
 */
final class SocketFollower {
    private static final Logger log = LoggerFactory.getLogger(SocketFollower.class);

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final SocketClient client;
    private final RunHandle run;
    private final ComponentCatalog catalog;
    private final OpenStreams.Permit permit;

    SocketFollower(SocketClient client, RunHandle run, ComponentCatalog catalog, OpenStreams.Permit permit) {
        this.client = client;
        this.run = run;
        this.catalog = catalog;
        this.permit = permit;
    }

    /** Work of the sending thread, which ends silently when the client disconnects. */
    private interface SendTask {
        void send() throws IOException;
    }

    private void start(SendTask task) {
        start(client, run.id(), permit, task);
    }

    private static void start(SocketClient client, String runId, OpenStreams.Permit permit, SendTask task) {
        Thread.ofVirtual().name("rein-os-socket-" + runId).start(() -> {
            try (permit) {
                task.send();
            } catch (IOException e) {
                // The client has disconnected or does not read; its socket is closed.
            } catch (Throwable e) {
                log.error("sending the events of run {} to a socket failed", runId, LogText.lines(e));
                fail(client, runId, e);
            }
        });
    }

    /** Otherwise the client would wait for further events. */
    private static void fail(SocketClient client, String runId, Throwable e) {
        try {
            client.send(ControlFrames.failed(runId, e));
        } catch (IOException gone) {
            // The client has disconnected.
        }
    }

    /** Sends the stored events of a run. */
    static void replay(SocketClient client, OpenStreams.Permit permit, String runId, StoredReplay stored) {
        start(client, runId, permit, () -> replay(client, runId, stored));
    }

    private static void replay(SocketClient client, String runId, StoredReplay stored) throws IOException {
        client.send(replay(runId, stored.status(), stored.count()));
        stored.send(frame -> client.send(frame.spacedJson()));
    }

    /** Follows a run of another process. */
    static void follow(
            SocketClient client,
            OpenStreams.Permit permit,
            String runId,
            EventStream events,
            Function<RunEvent, List<EventFrame>> frames) {
        start(client, runId, permit, () -> {
            try (events) {
                client.send(ControlFrames.elsewhere(runId));
                sendAll(client, events, frames, true);
            }
        });
    }

    /** Follows a run that this socket started or continued, from the event after {@code index}. */
    void follow(long index, @Nullable SessionStore store) {
        start(() -> {
            try (var events = run.events(index)) {
                sendAll(events, wire(FrameNumbers.afterEvent(run, index, store)), false);
            } catch (StreamExpiredException e) {
                client.send(expired());
            }
        });
    }

    /**
     * Sends a reconnected client the events that it has missed, and follows the run.
     *
     * @param store the store of the run; null for none
     * @param stored the stored events of the run, sent instead if it has ended and its first events are no longer in
     *     memory
     */
    void resume(long wireIndex, @Nullable SessionStore store, Supplier<Optional<StoredReplay>> stored) {
        start(() -> {
            var ended = run.status().isTerminal();
            EventOptions options;
            try {
                options = FrameNumbers.afterFrame(run, ended ? -1 : wireIndex, store);
            } catch (StreamExpiredException e) {
                client.send(expired());
                return;
            }
            var sent = false;
            try (var events = run.events(options.readAfter())) {
                var wire = wire(options);
                var missed = new ArrayList<EventFrame>();
                var next = -1L;
                for (var event = events.next(Duration.ZERO); event != null; event = events.next(Duration.ZERO)) {
                    missed.addAll(wire.frames(event));
                    next = EventWire.nextIndex(event);
                }
                var count = (next < 0 ? ResumedStream.nextIndex(run) : next) - wire.leftOut();
                sent = true;
                client.send(
                        ended
                                ? replay(run.id(), run.status().name(), missed.size())
                                : ControlFrames.catchUp(run.id(), missed.size(), count));
                for (var frame : missed) {
                    client.send(frame.spacedJson());
                }
                if (!ended) {
                    client.send(ControlFrames.subscribed(run.id(), count));
                    sendAll(events, wire, true);
                }
            } catch (StreamExpiredException e) {
                var replay = ended && !sent ? stored.get() : Optional.<StoredReplay>empty();
                if (replay.isPresent()) {
                    replay(client, run.id(), replay.get());
                } else {
                    client.send(expired());
                }
            }
        });
    }

    private EventWire wire(EventOptions options) {
        return new EventWire(catalog, run::output, options);
    }

    private void sendAll(EventStream events, EventWire wire, boolean plain) throws IOException {
        try {
            sendAll(client, events, wire::frames, plain);
        } catch (StreamExpiredException e) {
            client.send(expired());
        }
    }

    private static void sendAll(
            SocketClient client, EventStream events, Function<RunEvent, List<EventFrame>> frames, boolean plain)
            throws IOException {
        client.addStream(events);
        try {
            while (!events.isOver() && !client.isClosed()) {
                var event = events.next(WAIT);
                if (event != null) {
                    for (var frame : frames.apply(event)) {
                        client.send(plain ? frame.spacedJson() : frame.spacedSse());
                    }
                }
            }
        } finally {
            client.removeStream(events);
        }
    }

    // ---- control frames

    private static ObjectNode replay(String runId, String status, int events) {
        return ControlFrames.of("replay", runId)
                .put("status", status)
                .put("total_events", events)
                .put("message", "Run " + status + ". Replaying all events.");
    }

    private ObjectNode expired() {
        var message = "This socket fell behind what is kept of the run: fetch the run, or reconnect";
        return ControlFrames.expired(run.id(), run.status(), message);
    }
}
