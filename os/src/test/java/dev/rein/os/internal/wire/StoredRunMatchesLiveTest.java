package dev.rein.os.internal.wire;

import static dev.rein.os.internal.wire.Samples.play;
import static dev.rein.os.internal.wire.Samples.says;
import static dev.rein.os.internal.wire.Samples.session;
import static dev.rein.os.internal.wire.Samples.stop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.runtime.Component;
import dev.rein.session.RunQuery;
import dev.rein.testkit.Script;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A stored run has the same wire form as the live run, except for the system message. */
class StoredRunMatchesLiveTest {
    private static final String SESSION = "s";

    private final Samples samples = new Samples();

    private void isTheSame(Component component, boolean stopped) throws Exception {
        var wire = new RunWire(ComponentCatalog.of(List.of(component)));
        var played = stopped ? stop(component, session(SESSION)) : play(component, session(SESSION));
        var id = played.run().id();
        // The pause is stored while its reader continues.
        await().until(
                        () -> samples.store.run(id).orElseThrow().status(),
                        Predicate.isEqual(played.output().status()));
        var run = samples.store.run(id).orElseThrow();
        var with = StoredRunContext.NONE
                .below(samples.store.runs(RunQuery.of(SESSION).children(true)).items())
                .sessionState(samples.store.session(SESSION).orElseThrow().state())
                .events(played.events());
        assertThat(plain(wire.of(run, with))).isEqualTo(plain(wire.of(played.output(), played.events())));
        assertThat(plain(wire.schema(run, with, true)))
                .isEqualTo(plain(wire.schema(played.output(), played.events(), true)));
    }

    /** Removes what a store does not keep, and instants that are read twice. */
    private static JsonNode plain(JsonNode node) {
        if (node instanceof ArrayNode array) {
            for (var i = array.size() - 1; i >= 0; i--) {
                if ("system".equals(array.path(i).path("role").asText())) {
                    array.remove(i);
                }
            }
        } else if (node instanceof ObjectNode object) {
            object.remove(List.of("stopped_at", "duration"));
            if ("PAUSED".equals(object.path("status").asText())) {
                // Stored at the end.
                object.remove("metrics");
            }
        }
        node.forEach(StoredRunMatchesLiveTest::plain);
        return node;
    }

    @Test
    void ofAnAgent() throws Exception {
        isTheSame(samples.tool(), false);
    }

    @Test
    void ofAStoppedAgent() throws Exception {
        isTheSame(samples.slow(), true);
    }

    @Test
    void ofAFailedAgent() throws Exception {
        isTheSame(samples.agent("Boom Agent", Script.status(400, "model down")), false);
    }

    @Test
    void ofAnAgentThatAsks() throws Exception {
        isTheSame(samples.asking(), false);
    }

    @Test
    void ofAWorkflowThatAsks() throws Exception {
        isTheSame(samples.asked(), false);
    }

    @Test
    void ofATeam() throws Exception {
        isTheSame(samples.storytelling(), false);
    }

    @Test
    void ofAStoppedTeam() throws Exception {
        isTheSame(samples.slowTeam(), true);
    }

    @Test
    void ofAWorkflow() throws Exception {
        isTheSame(samples.content(), false);
    }

    @Test
    void ofAStoppedWorkflow() throws Exception {
        isTheSame(samples.slowWorkflow(), true);
    }

    @Test
    void ofAWorkflowInAWorkflowWithATeam() throws Exception {
        var inner = Workflow.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Inner")
                .steps(Step.of("told", samples.storytelling()))
                .build();
        var outer = Workflow.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Outer")
                .store(samples.store)
                .steps(Parallel.of("both", Step.of("inner", inner), Step.of("plain", samples.agent("P", says("yes")))))
                .build();
        isTheSame(outer, false);
    }
}
