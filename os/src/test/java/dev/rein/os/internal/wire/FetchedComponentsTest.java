package dev.rein.os.internal.wire;

import static dev.rein.os.internal.wire.Difference.LEADERS_TOOLS;
import static dev.rein.os.internal.wire.Difference.MARKDOWN;
import static dev.rein.os.internal.wire.Difference.MODEL_NAME;
import static dev.rein.os.internal.wire.Difference.STEP_IDS;
import static dev.rein.os.internal.wire.Difference.TOOL_SCHEMA;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares fetched components with the recordings of the reference. */
class FetchedComponentsTest {
    private static final String FILE = "http_system.txt";

    private final Samples samples = new Samples();
    private final ComponentWire wire = new ComponentWire("main-db", "agno_sessions");

    @Test
    void theListOfAgents() {
        var all = WireJson.array();
        var plain = samples.agent("Plain Agent", builder -> builder.instructions("Be nice"));
        List.of(plain, samples.tool(), samples.asking(), samples.slow()).forEach(agent -> all.add(wire.agent(agent)));
        new Comparison(MODEL_NAME, MARKDOWN, TOOL_SCHEMA).compare(all, Recording.answer(FILE, "GET /agents"));
    }

    @Test
    void aTeam() {
        new Comparison(MODEL_NAME, LEADERS_TOOLS)
                .compare(wire.team(samples.storytelling()), Recording.answer(FILE, "GET /teams/storytelling-team"));
    }

    @Test
    void aWorkflow() {
        new Comparison(MODEL_NAME, STEP_IDS)
                .compare(wire.workflow(samples.content()), Recording.answer(FILE, "GET /workflows/content-workflow"));
    }

    @Test
    void theListOfWorkflows() {
        var all = WireJson.array();
        List.of(samples.content(), samples.slowWorkflow()).forEach(each -> all.add(wire.summary(each)));
        new Comparison().compare(all, Recording.answer(FILE, "GET /workflows"));
    }

    @Test
    void theSummariesOfTheConfiguration() {
        var config = Recording.answer(FILE, "GET /config");
        var agents = WireJson.array();
        List.of(samples.plain(), samples.tool(), samples.asking(), samples.slow())
                .forEach(each -> agents.add(wire.summary(each)));
        new Comparison().compare(agents, config.path("agents"));
        var teams = WireJson.array();
        List.of(samples.storytelling(), samples.slowTeam()).forEach(each -> teams.add(wire.summary(each)));
        new Comparison().compare(teams, config.path("teams"));
    }
}
