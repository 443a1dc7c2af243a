package dev.rein.os.internal.wire;

import static dev.rein.os.internal.wire.Difference.CANCELLATION;
import static dev.rein.os.internal.wire.Difference.CHILD_RUN;
import static dev.rein.os.internal.wire.Difference.CURRENT_IDS;
import static dev.rein.os.internal.wire.Difference.DELIVERED;
import static dev.rein.os.internal.wire.Difference.EMPTY_EVENTS;
import static dev.rein.os.internal.wire.Difference.EMPTY_TOOLS;
import static dev.rein.os.internal.wire.Difference.ESTIMATE;
import static dev.rein.os.internal.wire.Difference.EVENT_INDEX;
import static dev.rein.os.internal.wire.Difference.FIRST_TOKEN;
import static dev.rein.os.internal.wire.Difference.MESSAGE_METRICS;
import static dev.rein.os.internal.wire.Difference.PROMPTS;
import static dev.rein.os.internal.wire.Difference.REASON;
import static dev.rein.os.internal.wire.Difference.STEP_ERROR;
import static dev.rein.os.internal.wire.Difference.TEAM_STATE;
import static dev.rein.os.internal.wire.Difference.VALID_HISTORY;
import static dev.rein.os.internal.wire.Difference.WORKFLOW_END;
import static dev.rein.os.internal.wire.Samples.play;
import static dev.rein.os.internal.wire.Samples.session;
import static dev.rein.os.internal.wire.Samples.stop;

import dev.rein.runtime.Component;
import dev.rein.session.RunQuery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares fetched runs with the recordings of the reference. */
class FetchedRunsTest {
    private final Samples samples = new Samples();

    private static RunWire wire(Component component) {
        return new RunWire(ComponentCatalog.of(List.of(component)));
    }

    private StoredRunContext context(Samples.Played played, String session) {
        var state = samples.store.session(session).orElseThrow().state();
        var all = samples.store.runs(RunQuery.of(session).children(true)).items();
        return StoredRunContext.NONE.below(all).sessionState(state).events(played.events());
    }

    @Test
    void theAnswerOfAnAgent() throws Exception {
        var agent = samples.tool();
        var output = agent.run("hi", session("s-tool2").userId("u1"));
        new Comparison(MESSAGE_METRICS).compare(wire(agent).of(output), Recording.body("nonstream_agent_tool.txt"));
    }

    @Test
    void anAgentWhoseModelFailsIsFetched() {
        var agent = samples.failing();
        new Comparison(VALID_HISTORY)
                .compare(
                        wire(agent).of(agent.run("hi", session("s-boom"))),
                        Recording.answer(
                                "http_errors.txt", "POST /agents/boom-agent/runs  form: message=hi&stream=false"));
    }

    @Test
    void theAnswerOfATeam() throws Exception {
        var team = samples.storytelling();
        var output = team.run("hi", session("s-team2").userId("u1"));
        new Comparison(MESSAGE_METRICS, PROMPTS, CURRENT_IDS, TEAM_STATE, EMPTY_TOOLS, CHILD_RUN)
                .compare(wire(team).of(output), Recording.body("nonstream_team.json"));
    }

    @Test
    void theAnswerOfAWorkflow() throws Exception {
        var workflow = samples.content();
        var output = workflow.run("hi", session("s-wf2").userId("u1"));
        new Comparison(MESSAGE_METRICS, EMPTY_TOOLS)
                .compare(wire(workflow).of(output), Recording.body("nonstream_workflow.json"));
    }

    @Test
    void aStoppedAgent() throws Exception {
        var agent = samples.slow();
        var played = stop(agent, session("s-c1"));
        var row = samples.store.run(played.run().id()).orElseThrow();
        new Comparison(REASON, DELIVERED, ESTIMATE, CANCELLATION, EVENT_INDEX)
                .compare(
                        wire(agent).of(row, context(played, "s-c1")),
                        Recording.answer("stored_cancelled_runs.txt", "GET /agents/slow-agent"));
    }

    @Test
    void aStoppedTeam() throws Exception {
        var team = samples.slowTeam();
        var played = stop(team, session("s-c2"));
        var row = samples.store.run(played.run().id()).orElseThrow();
        new Comparison(
                        REASON,
                        DELIVERED,
                        ESTIMATE,
                        CANCELLATION,
                        EVENT_INDEX,
                        VALID_HISTORY,
                        CURRENT_IDS,
                        EMPTY_EVENTS,
                        FIRST_TOKEN,
                        CHILD_RUN)
                .compare(
                        wire(team).of(row, context(played, "s-c2")),
                        Recording.answer("stored_cancelled_runs.txt", "GET /teams/slow-team"));
    }

    @Test
    void aStoppedWorkflow() throws Exception {
        var workflow = samples.slowWorkflow();
        var played = stop(workflow, session("s-c3"));
        var row = samples.store.run(played.run().id()).orElseThrow();
        new Comparison(REASON, DELIVERED, ESTIMATE, CANCELLATION, EVENT_INDEX, STEP_ERROR, EMPTY_EVENTS, WORKFLOW_END)
                .compare(
                        wire(workflow).of(row, context(played, "s-c3")),
                        Recording.answer("stored_cancelled_runs.txt", "GET /workflows/slow-workflow"));
    }

    @Test
    void theRunsOfASession() throws Exception {
        var agent = samples.tool();
        agent.run("hi", session("s-tool2").userId("u1"));
        var row = samples.store.runs("s-tool2").getFirst();
        var with = StoredRunContext.NONE.sessionState(
                samples.store.session("s-tool2").orElseThrow().state());
        new Comparison(MESSAGE_METRICS)
                .compare(
                        WireJson.array().add(wire(agent).schema(row, with, false)),
                        Recording.answer("http_sessions.txt", "GET /sessions/s-tool2/runs?type=agent"));
    }

    @Test
    void thePreviewsOfASession() throws Exception {
        var team = samples.storytelling();
        play(team, session("s-team2").userId("u1"));
        var rows = samples.store
                .runs(RunQuery.of("s-team2").children(true))
                .items()
                .reversed();
        var all = WireJson.array();
        rows.forEach(row -> all.add(wire(team).preview(row)));
        new Comparison().compare(all, Recording.answer("http_sessions.txt", "GET /sessions/s-team2/run-previews"));
    }
}
