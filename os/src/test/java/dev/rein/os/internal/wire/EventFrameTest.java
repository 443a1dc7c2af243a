package dev.rein.os.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.ComponentKind;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunContent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The serialization of frames. */
class EventFrameTest {
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void isCompactExceptWhereClientsExpectSpaces() {
        var data = WireJson.object().put("event", "pong").put("n", 1);
        data.putArray("list").add(1).add("ä");
        var frame = new EventFrame("pong", data);
        assertThat(text(frame.sse()))
                .isEqualTo("event: pong\ndata: {\"event\":\"pong\",\"n\":1,\"list\":[1,\"ä\"]}\n\n");
        assertThat(text(frame.spacedSse()))
                .isEqualTo("event: pong\ndata: {\"event\": \"pong\", \"n\": 1, \"list\": [1, \"ä\"]}\n\n");
        assertThat(text(frame.spacedJson())).isEqualTo("{\"event\": \"pong\", \"n\": 1, \"list\": [1, \"ä\"]}");
    }

    @Test
    void ofAnEventHasItsIndexAsIdExceptOnSockets() {
        var frame = EventFrame.of(WireJson.object().put("event", "RunStarted"), 7);
        assertThat(text(frame.sse())).isEqualTo("id: 7\nevent: RunStarted\ndata: {\"event\":\"RunStarted\"}\n\n");
        assertThat(text(frame.spacedSse())).isEqualTo("event: RunStarted\ndata: {\"event\": \"RunStarted\"}\n\n");
    }

    @Test
    void escapesUnicodeLineBreaks() {
        var data = WireJson.object().put("t", "\u2028\u2029\u0085\u000b\u000c\u001c\u001d\u001e\uD83D");
        assertThat(text(WireJson.bytes(data)).toLowerCase(java.util.Locale.ROOT))
                .isEqualTo("{\"t\":\"\\u2028\\u2029\\u0085\\u000b\\f\\u001c\\u001d\\u001e\\ud83d\"}");
    }

    /** Text frames are serialized by separate code, which must produce the same bytes as the general one. */
    @ParameterizedTest
    @ValueSource(strings = {"", " world", "\"content\":\"\"", ",\"reasoning_content\":\"\"", "🐉 \u2028 \\ \n"})
    void ofTextIsTheSameOnBothWays(String text) {
        for (var source : List.of(ComponentKind.AGENT, ComponentKind.TEAM)) {
            for (var reasoning : new String[] {null, "", text}) {
                for (var index : new long[] {0, 1_234_567_890_123L}) {
                    // The text is also in the name: markers must not be found there.
                    var origin = new Origin(source, "id" + text, "name" + text, "run", null, "run", text, 0, null);
                    var meta = new EventMeta(origin, index, Instant.ofEpochSecond(1_795_249_872));
                    var form = new EventJson(ComponentCatalog.of(List.of()), RunLookup.NONE);
                    var event = new RunContent(meta, text, reasoning);
                    var frames = new ContentFrames(form);
                    for (var shown : new boolean[] {true, false, true}) {
                        var frame = frames.frame(event, event.index(), shown);
                        assertThat(text(frame.sse()))
                                .isEqualTo(
                                        text(EventFrame.of(frame.data(), index).sse()));
                        assertThat(frame.data().has("event_index")).isEqualTo(shown);
                    }
                }
            }
        }
    }
}
