package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.os.AgentOS;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Situation37LeaveAndReturnTest {
    private final ScriptedModel model = ScriptedModel.of(
            Script.text("one two three ").thenHang().thenText("four five six ").thenHang());
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AgentOS os = AgentOS.builder()
            .name("Situations")
            .port(0)
            .store(store)
            .agents(Agent.builder()
                    .name("Talker")
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .model(model)
                    .build())
            .build()
            .start();

    @AfterEach
    void close() {
        os.close();
    }

    private static List<RawHttp.Frame> upTo(RawHttp events, String text) {
        var frames = new ArrayList<RawHttp.Frame>();
        for (var frame = events.next(); frame != null; frame = events.next()) {
            if (frame.data().has("event_index")) {
                frames.add(frame);
            }
            if (frame.text("content").contains(text)) {
                return frames;
            }
        }
        throw new AssertionError("the stream has ended without " + text + ": " + frames);
    }

    /** What comes before the note that the stream is live. */
    private static List<RawHttp.Frame> missed(RawHttp events) {
        var frames = new ArrayList<RawHttp.Frame>();
        for (var frame = events.next(); frame != null; frame = events.next()) {
            if (frame.event().equals("subscribed")) {
                return frames;
            }
            if (frame.data().has("event_index")) {
                frames.add(frame);
            }
        }
        throw new AssertionError("the stream has ended before it was live: " + frames);
    }

    private static long last(List<RawHttp.Frame> frames) {
        return frames.getLast().data().path("event_index").asLong();
    }

    @Test
    void noEventIsMissingAndNoneComesTwiceAndStopStillWorks() {
        var seen = new ArrayList<RawHttp.Frame>();
        String runId;
        try (var events = RawHttp.post(os.port(), "/agents/talker/runs", "message=hi&background=true&session_id=s")) {
            seen.addAll(upTo(events, "two"));
            runId = seen.getFirst().text("run_id");
        }
        var resume = "/agents/talker/runs/" + runId + "/resume";
        try (var events = RawHttp.post(os.port(), resume, "last_event_index=" + last(seen))) {
            assertThat(events.next().event()).isEqualTo("catch_up");
            seen.addAll(missed(events));
            model.release();
            seen.addAll(upTo(events, "six"));
        }
        try (var events = RawHttp.post(os.port(), resume, "last_event_index=" + last(seen))) {
            seen.addAll(missed(events));
            try (var stop = RawHttp.post(os.port(), "/agents/talker/runs/" + runId + "/cancel", "")) {
                assertThat(stop.json().path("effective").asBoolean()).isTrue();
            }
            seen.addAll(events.rest());
        }
        assertThat(seen).extracting(RawHttp.Frame::event).endsWith("RunCancelled", "RunCompleted");
        assertThat(seen)
                .extracting(frame -> frame.data().path("event_index").asLong())
                .doesNotHaveDuplicates()
                .isSorted();
        try (var again = RawHttp.post(os.port(), resume, "")) {
            assertThat(again.next().event()).isEqualTo("replay");
            assertThat(again.rest()).isEqualTo(seen);
        }
    }
}
