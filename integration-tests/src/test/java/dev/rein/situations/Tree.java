package dev.rein.situations;

import dev.rein.run.RunOutput;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.session.SessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What an agent can be a part of. What holds for one holds for all. */
enum Tree {
    TEAM {
        @Override
        Component around(Component part, SessionStore store) {
            return Teams.of("Team", ScriptedModel.of(Teams.delegates(part.id()), Script.text(LAST)), part)
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .build();
        }
    },
    SUB_TEAM {
        @Override
        Component around(Component part, SessionStore store) {
            var sub = Teams.of("Sub", ScriptedModel.of(Teams.delegates(part.id()), Script.text(LAST)), part)
                    .build();
            return TEAM.around(sub, store);
        }
    },
    WORKFLOW {
        @Override
        Component around(Component part, SessionStore store) {
            return Workflow.builder()
                    .name("Flow")
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .steps(Step.of("part", part), Step.of("last", _ -> StepOutput.of(LAST)))
                    .build();
        }
    },
    COMPOSITES {
        @Override
        Component around(Component part, SessionStore store) {
            return Workflow.builder()
                    .name("Flow")
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .steps(
                            Parallel.of(
                                    "parallel",
                                    Loop.of(
                                                    "loop",
                                                    Condition.of(
                                                            "condition",
                                                            _ -> true,
                                                            Router.of(
                                                                    "router",
                                                                    _ -> List.of("steps"),
                                                                    Steps.of("steps", Step.of("part", part)))))
                                            .maxIterations(1)),
                            Step.of("last", _ -> StepOutput.of(LAST)))
                    .build();
        }
    },
    TEAM_IN_A_NESTED_WORKFLOW {
        @Override
        Component around(Component part, SessionStore store) {
            var team = Teams.of("Team", ScriptedModel.of(Teams.delegates(part.id()), Script.text(LAST)), part)
                    .build();
            var nested = Workflow.builder()
                    .name("Nested")
                    .steps(Step.of("team", team))
                    .build();
            return WORKFLOW.around(nested, store);
        }
    };

    /** What is said after the part has ended. */
    static final String LAST = "the last word";

    /** A component in which this part runs first. */
    abstract Component around(Component part, SessionStore store);

    static Stream<Arguments> withForms() {
        return Stream.of(values()).flatMap(tree -> Stream.of(Form.values()).map(form -> Arguments.of(tree, form)));
    }

    /** The output of the part in one of the whole. */
    static RunOutput part(RunOutput whole) {
        return whole.memberResponses().isEmpty()
                ? whole
                : part(whole.memberResponses().getFirst());
    }
}
