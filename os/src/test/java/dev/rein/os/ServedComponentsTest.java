package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.runtime.Runs;
import dev.rein.team.Team;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server takes in: it lists, drains and stops the runs of one {@link Runs}, and serves no component with others. */
class ServedComponentsTest {
    private final Runs own = Runs.create();
    private final Runs others = Runs.create();

    @AfterEach
    void close() {
        own.close();
        others.close();
    }

    private static AgentBuilder agent() {
        return Agent.builder().name("Writer").model(ScriptedModel.of("x"));
    }

    private AgentOSBuilder server() {
        return AgentOS.builder().port(0).runs(own);
    }

    private static Team team(Runs runs) {
        return Team.builder()
                .name("Office")
                .model(ScriptedModel.of("x"))
                .members(agent().build())
                .runs(runs)
                .build();
    }

    private static Workflow workflow(Runs runs) {
        return Workflow.builder()
                .name("Flow")
                .steps(Step.of("one", agent().build()))
                .runs(runs)
                .build();
    }

    @Test
    void componentsWithOtherRunsAreRefused() {
        var refused = List.of(
                server().agents(agent().runs(others).build()),
                server().agents(agent().build()),
                server().teams(team(others)),
                server().workflows(workflow(others)),
                AgentOS.builder().port(0).agents(agent().runs(others).build()));
        for (var server : refused) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(server::build)
                    .withMessageMatching(
                            "the (agent|team|workflow) with id (writer|office|flow) was built with other runs"
                                    + " than the server: give both the same runs\\(\\.\\.\\)");
        }
    }

    @Test
    void componentsWithTheServersRunsAreServed() {
        assertThatNoException()
                .isThrownBy(() -> server().agents(agent().runs(own).build())
                        .teams(team(own))
                        .workflows(workflow(own))
                        .build());
    }
}
