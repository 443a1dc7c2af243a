package dev.rein.os.internal.wire;

import static dev.rein.os.internal.wire.Samples.play;
import static dev.rein.os.internal.wire.Samples.says;
import static dev.rein.os.internal.wire.Samples.session;
import static dev.rein.os.internal.wire.Samples.stop;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The frames that a reader receives. */
class EventWireTest {
    private static final EventOptions INDEXED = EventOptions.all().withEventIndex(true);

    private final Samples samples = new Samples();

    private static List<String> names(Samples.Played played) {
        return played.frames().stream().map(EventFrame::event).toList();
    }

    private static List<Long> indexes(Samples.Played played) {
        return played.data().stream()
                .map(data -> data.path("event_index").asLong())
                .toList();
    }

    // ---- resuming

    @Test
    void aResumingReaderGetsEveryFrameOnce() throws Exception {
        var team = samples.slowTeam();
        var stopped = stop(team, session("s"));
        var all = Samples.read(team, stopped.run(), -1, INDEXED, false);
        assertThat(indexes(all))
                .isEqualTo(LongStream.range(0, all.frames().size()).boxed().toList());
        assertThat(names(all)).endsWith("RunCancelled", "RunCompleted", "TeamRunCancelled", "TeamRunCompleted");
        for (var last = 0; last < all.frames().size(); last++) {
            var index = indexes(all).get(last);
            var rest = Samples.read(team, stopped.run(), EventWire.kernelIndexOf(index), INDEXED.after(index), false);
            assertThat(indexes(rest))
                    .isEqualTo(indexes(all).subList(last + 1, all.frames().size()));
        }
    }

    @Test
    void aReaderOfAFetchedRunGetsAllEventsExceptText() throws Exception {
        var agent = samples.tool();
        var played = play(agent, session("s"));
        var wire = new RunWire(ComponentCatalog.of(List.of(agent)));
        var id = played.run().id();
        var with = StoredRunContext.NONE.sessionState(Map.of()).events(samples.store.events(id, -1, 1_000));
        var reader = wire.events(samples.store.run(id).orElseThrow(), with, INDEXED);
        var frames = with.events().stream()
                .flatMap(event -> reader.frames(event).stream())
                .toList();
        assertThat(frames)
                .extracting(EventFrame::event)
                .containsExactlyElementsOf(played.data().stream()
                        .map(data -> data.path("event").asText())
                        .filter(name -> !name.equals("RunContent"))
                        .toList());
        var last = List.of(frames.getLast().data().<ObjectNode>without("event_index"));
        new Comparison().compare(last, List.of(played.data().getLast()));
    }

    @Test
    void aReaderResumingAStoredRunGetsEveryFrameOnce() throws Exception {
        var workflow = samples.slowWorkflow();
        var stopped = stop(workflow, session("s"));
        var all = Samples.read(workflow, stopped.run(), -1, INDEXED, false);
        var row = samples.store.run(stopped.run().id()).orElseThrow();
        var wire = new RunWire(ComponentCatalog.of(List.of(workflow)));
        for (var last = -1; last < all.frames().size(); last++) {
            var index = last < 0 ? -1 : indexes(all).get(last);
            var from = EventWire.kernelIndexOf(index);
            var events = stopped.events().stream()
                    .filter(event -> event.index() > from)
                    .toList();
            var reader = wire.events(row, StoredRunContext.NONE, INDEXED.after(index));
            var rest = events.stream()
                    .flatMap(event -> reader.frames(event).stream())
                    .toList();
            assertThat(rest)
                    .extracting(frame -> frame.data().path("event_index").asLong())
                    .isEqualTo(indexes(all).subList(last + 1, all.frames().size()));
        }
    }

    @Test
    void aReaderWithoutFramesStartsAtTheBeginning() {
        assertThat(EventWire.kernelIndexOf(-1)).isEqualTo(-1);
        assertThat(EventWire.kernelIndexOf(0)).isEqualTo(-1);
        assertThat(EventWire.kernelIndexOf(1)).isZero();
        assertThat(EventWire.kernelIndexOf(2)).isEqualTo(1);
        assertThat(EventWire.kernelIndexOf(Long.MIN_VALUE)).isEqualTo(-1);
        assertThat(EventWire.kernelIndexOf(Long.MAX_VALUE)).isPositive();
    }

    // ---- readers that do not want all events

    @Test
    void withoutAllEventsAnAgentSendsItsText() throws Exception {
        var brief = EventOptions.all().streamEvents(false);
        assertThat(names(play(samples.tool(), session("s"), brief))).containsOnly("RunContent");
    }

    @Test
    void withoutAllEventsATeamSendsItsTextAndItsMembersEvents() throws Exception {
        var played =
                play(samples.storytelling(), session("s"), EventOptions.all().streamEvents(false));
        assertThat(names(played))
                .containsExactly(
                        "RunStarted",
                        "ModelRequestStarted",
                        "RunContent",
                        "RunContent",
                        "RunContent",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted",
                        "TeamRunContent",
                        "TeamRunContent");
    }

    @Test
    void withoutAllEventsAWorkflowSendsItsStartTextAndEnd() throws Exception {
        var played = play(samples.content(), session("s"), EventOptions.all().streamEvents(false));
        assertThat(names(played))
                .containsExactly(
                        "WorkflowStarted", "RunContent", "RunContent", "RunContent", "RunContent", "WorkflowCompleted");
    }

    @Test
    void theEndOfACancelledRunIsSentToEveryReader() throws Exception {
        var agent = samples.slow();
        var stopped = stop(agent, session("s"));
        var played = Samples.read(agent, stopped.run(), -1, EventOptions.all().streamEvents(false), false);
        assertThat(names(played)).endsWith("RunContent", "RunCancelled", "RunCompleted");
    }

    // ---- origins

    @Test
    void aMemberNamesItsTeamsRunAndAnAgentInAStepItsWorkflows() throws Exception {
        var told = Workflow.builder()
                .name("Told")
                .steps(Step.of("tell", samples.storytelling()))
                .build();
        var outer =
                Workflow.builder().name("Outer").steps(Step.of("inner", told)).build();
        var played = play(outer, session("s"));
        assertThat(played.output().status()).isEqualTo(RunStatus.COMPLETED);
        for (var data : played.data()) {
            switch (data.path("event").asText()) {
                case "RunContent" -> {
                    assertThat(data.path("parent_run_id").isTextual()).isTrue();
                    assertThat(data.path("workflow_id").asText()).isEqualTo("told");
                    assertThat(data.path("nested_depth").asInt()).isEqualTo(1);
                }
                case "TeamRunContent" -> {
                    assertThat(data.has("parent_run_id")).isFalse();
                    assertThat(data.path("step_name").asText()).isEqualTo("tell");
                    assertThat(data.path("nested_depth").asInt()).isEqualTo(1);
                }
                case "WorkflowStarted", "WorkflowCompleted" ->
                    assertThat(data.path("nested_depth").asInt())
                            .isEqualTo(data.path("workflow_id").asText().equals("told") ? 1 : 0);
                default -> {}
            }
        }
    }

    @Test
    void aMemberThatAnswersForItsTeamIsShownAsTheTeam() throws Exception {
        var team = Team.builder()
                .name("Routing Team")
                .mode(TeamMode.ROUTE)
                .model(Samples.model(
                        Samples.calls("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"write\"}")))
                .members(samples.agent("Writer", says("Once", " upon")))
                .build();
        var names = names(play(team, session("s")));
        assertThat(names).contains("TeamRunContent").doesNotContain("RunContent");
        assertThat(names).endsWith("TeamToolCallCompleted", "TeamRunContentCompleted", "TeamRunCompleted");
    }

    @Test
    void customEventsHaveTheirDataAtTheTopLevel() {
        var origin = new Origin(ComponentKind.TEAM, "t", "T", "run", null, "run", "s", 0, null);
        Map<String, Object> values = Map.of("progress", 0.5, "data", 1, "run_id", "mine", "event_index", 2);
        var event = new CustomEvent(new EventMeta(origin, 3, Instant.EPOCH), "tick", values);
        JsonNode data = new EventJson(ComponentCatalog.of(List.of()), RunLookup.NONE).of(event, 6L);
        assertThat(data.path("event").asText()).isEqualTo("CustomEvent");
        assertThat(data.path("name").asText()).isEqualTo("tick");
        assertThat(data.path("progress").asDouble()).isEqualTo(0.5);
        assertThat(data.path("run_id").asText()).isEqualTo("run");
        assertThat(data.path("event_index").asLong()).isEqualTo(6);
        assertThat(data.path("custom_run_id").asText()).isEqualTo("mine");
        assertThat(data.path("custom_data").asInt()).isEqualTo(1);
        assertThat(data.path("custom_event_index").asInt()).isEqualTo(2);
    }
}
