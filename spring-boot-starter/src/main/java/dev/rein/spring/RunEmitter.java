package dev.rein.spring;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.RunStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** A response that a virtual thread writes from the beginning of the response to the end of the run. */
final class RunEmitter extends SseEmitter {
    private static final Logger log = LoggerFactory.getLogger(RunEmitter.class);

    /** Makes what is sent of an event. */
    @FunctionalInterface
    interface Mapping {
        List<SseEventBuilder> of(RunEvent event);
    }

    private final RunStream stream;
    private final Mapping mapping;
    private final AtomicBoolean started = new AtomicBoolean();

    RunEmitter(RunStream stream, Mapping mapping) {
        // The limits of the run apply.
        super(0L);
        this.stream = stream;
        this.mapping = mapping;
        onError(_ -> leave());
        onTimeout(this::leave);
    }

    /** Called when the controller has returned this. */
    @Override
    protected void extendResponse(ServerHttpResponse response) {
        super.extendResponse(response);
        var headers = response.getHeaders();
        headers.setCacheControl("no-cache, no-transform");
        headers.set("X-Accel-Buffering", "no");
        // A proxy that compresses would collect events first.
        headers.set("Content-Encoding", "identity");
        if (started.compareAndSet(false, true)) {
            Thread.ofVirtual().name("rein-sse-" + stream.runId()).start(this::write);
        }
    }

    /** The container has found that the client is gone: not waited for on its thread. */
    private void leave() {
        Thread.ofVirtual().name("rein-sse-close").start(stream::close);
    }

    private void write() {
        try (stream) {
            try {
                if (isAllSent()) {
                    complete();
                }
            } catch (RuntimeException | Error e) {
                log.error("the response of run {} failed: the run is cancelled", stream.runId(), e);
                stream.cancel(CancelRequest.now().kind(CancelKind.DISCONNECT).reason("its response failed"));
                completeWithError(e);
            }
        }
    }

    /** Sends all events. @return whether the client has received them */
    private boolean isAllSent() {
        while (!stream.isOver()) {
            var event = stream.next(Sse.HEARTBEAT);
            if (event != null) {
                for (var sent : mapping.of(event)) {
                    if (!isSent(sent)) {
                        return false;
                    }
                }
            } else if (!stream.isOver() && !isSent(event().comment("keepalive"))) {
                return false;
            }
        }
        return true;
    }

    /** Sends something. @return whether the client is still there */
    private boolean isSent(SseEventBuilder sent) {
        try {
            send(sent);
            return true;
        } catch (IOException | IllegalStateException e) {
            // The client has left, or the container has ended the response.
            log.debug("the client of run {} has left", stream.runId(), e);
            completeWithError(e);
            return false;
        }
    }
}
