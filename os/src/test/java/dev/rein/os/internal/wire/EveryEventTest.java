package dev.rein.os.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepProgress;
import dev.rein.run.event.WorkflowCancelled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of the frames of all events, including events added later. */
class EveryEventTest {
    private final EventWire wire = new EventWire(
            ComponentCatalog.of(List.of()),
            () -> new Samples().agent("Any", Samples.says("Hi")).run("hi"),
            EventOptions.all().withEventIndex(true));

    static Stream<RunEvent> events() {
        return Stream.of(true, false).flatMap(full -> EveryEvent.all(full).stream());
    }

    @ParameterizedTest
    @MethodSource("events")
    void becomesFrames(RunEvent event) {
        var expected = switch (event) {
            case RunCancelled _, WorkflowCancelled _ -> 2;
            default -> 1;
        };
        var frames = wire.frames(event);
        assertThat(frames).hasSize(expected).hasSize(wire.count(event));
        for (var frame : frames) {
            assertThat(frame.data().path("event").asText()).isEqualTo(frame.event());
            assertThat(frame.data().path("nested_depth").isInt()).isTrue();
            assertThat(frame.data().path("event_index").isNumber()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void isOneLineOfJsonForAnyText(RunEvent event) {
        for (var frame : wire.frames(event)) {
            var text = new String(frame.sse(), StandardCharsets.UTF_8);
            assertThat(text)
                    .startsWith("id: " + frame.data().path("event_index").asText() + "\nevent: " + frame.event()
                            + "\ndata: {")
                    .endsWith("}\n\n");
            var json = text.substring(text.indexOf("\ndata: ") + 7, text.length() - 2);
            assertThat(json).doesNotContainPattern("[\\x00-\\x1f\\x7f\u0085\u2028\u2029]");
            assertThat(Recording.json(json)).isEqualTo(reread(frame.data()));
            assertThat(new String(frame.spacedJson(), StandardCharsets.UTF_8)).startsWith("{\"created_at\": ");
        }
    }

    private static JsonNode reread(JsonNode node) {
        return Recording.json(node.toString());
    }

    /** A client that scans the bytes for objects misreads events with this key. */
    @ParameterizedTest
    @MethodSource("events")
    void hasNoDataKey(RunEvent event) {
        for (var frame : wire.frames(event)) {
            // Newer clients expect it there; the affected client runs no workflows.
            assertThat(frame.data().has("data")).isEqualTo(event instanceof StepProgress);
        }
    }
}
