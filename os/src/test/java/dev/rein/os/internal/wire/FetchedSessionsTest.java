package dev.rein.os.internal.wire;

import static dev.rein.os.internal.wire.Difference.MESSAGE_METRICS;
import static dev.rein.os.internal.wire.Difference.MODEL_NAME;
import static dev.rein.os.internal.wire.Difference.WORKFLOW_MODELS;
import static dev.rein.os.internal.wire.Difference.WORKFLOW_NAME;
import static dev.rein.os.internal.wire.Samples.session;

import dev.rein.runtime.Component;
import dev.rein.session.SessionEdit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares fetched sessions with the recordings of the reference. */
class FetchedSessionsTest {
    private final Samples samples = new Samples();

    private static SessionWire wire(Component component) {
        return new SessionWire(ComponentCatalog.of(List.of(component)));
    }

    @Test
    void theListOfSessions() {
        var agent = samples.tool();
        agent.run("hi", session("s-tool2").userId("u1"));
        var overview = samples.store.overviews(List.of("s-tool2")).get("s-tool2");
        var entry = wire(agent).entry(samples.store.session("s-tool2").orElseThrow(), overview);
        new Comparison()
                .compare(
                        entry,
                        Recording.answer("http_sessions.txt", "GET /sessions?type=agent&component_id=tool-agent")
                                .at("/data/1"));
    }

    @Test
    void aSessionOfAnAgent() {
        var agent = samples.tool();
        agent.run("hi", session("s-tool2").userId("u1"));
        var detail = wire(agent)
                .detail(samples.store.session("s-tool2").orElseThrow(), samples.store.runs("s-tool2"), false);
        new Comparison(MODEL_NAME, MESSAGE_METRICS)
                .compare(detail, Recording.answer("http_sessions.txt", "GET /sessions/s-tool2?type=agent"));
    }

    @Test
    void aSessionThatWasRenamed() {
        var agent = samples.tool();
        agent.run("hi", session("s-tool"));
        var renamed = samples.store.edit("s-tool", SessionEdit.name("My chat")).orElseThrow();
        var detail = wire(agent).detail(renamed, samples.store.runs("s-tool"), true);
        new Comparison(MODEL_NAME, MESSAGE_METRICS)
                .compare(detail, Recording.answer("http_sessions.txt", "POST /sessions/s-tool/rename"));
    }

    @Test
    void aSessionOfAWorkflow() {
        var workflow = samples.content();
        workflow.run("hi", session("s-wf2").userId("u1"));
        var detail =
                wire(workflow).detail(samples.store.session("s-wf2").orElseThrow(), samples.store.runs("s-wf2"), false);
        new Comparison(WORKFLOW_MODELS, WORKFLOW_NAME)
                .compare(detail, Recording.answer("http_sessions.txt", "GET /sessions/s-wf2?type=workflow"));
    }
}
