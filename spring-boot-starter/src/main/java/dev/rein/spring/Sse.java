package dev.rein.spring;

import dev.rein.os.EventFrames;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.RunStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams runs to browsers as server-sent events. The response is written on a virtual thread, as the run's owner: the run waits for
 * a client that reads slowly. When the client leaves, the stream is closed, which cancels the run by default; a comment every
 * second finds out while the run is silent.
 *
 * {@snippet :
 * @GetMapping("/stories")
 * SseEmitter story(@RequestParam String about) {
 *     return Sse.of(storyteller.stream("Tell a story about " + about));
 * }
 * }
 */
public final class Sse {
    /** How often a silent stream looks whether its client is there. */
    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private Sse() {}

    /**
     * Streams all events in the form in which AgentOS sends them: the name of the event, its index as id, and JSON. To be returned
     * by a controller; the response begins then.
     */
    public static SseEmitter of(RunStream stream) {
        Objects.requireNonNull(stream, "the stream is null: give one, such as agent.stream(..)");
        var frames = EventFrames.of(stream::output);
        return new RunEmitter(
                stream,
                event -> frames.of(event).stream()
                        .map(frame -> SseEmitter.event()
                                .id(String.valueOf(frame.index()))
                                .name(frame.event())
                                .data(frame.json(), MediaType.TEXT_PLAIN))
                        .toList());
    }

    /**
     * Streams what a function makes of the events.
     *
     * @param mapping returns the event to send, or null for none; its exception cancels the run and ends the response
     */
    public static SseEmitter of(
            RunStream stream, Function<? super RunEvent, SseEmitter.@Nullable SseEventBuilder> mapping) {
        Objects.requireNonNull(stream, "the stream is null: give one, such as agent.stream(..)");
        Objects.requireNonNull(mapping, "the mapping is null: give one, or leave it out");
        return new RunEmitter(stream, event -> {
            var sent = mapping.apply(event);
            return sent == null ? List.of() : List.of(sent);
        });
    }
}
