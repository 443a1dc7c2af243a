package dev.rein.situations;

import dev.rein.run.RunOutput;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What steps of a workflow can be put into. What holds in one holds in all. */
enum Composite {
    STEP {
        @Override
        List<WorkflowStep> around(Step... steps) {
            return List.of(steps);
        }
    },
    STEPS {
        @Override
        List<WorkflowStep> around(Step... steps) {
            return List.of(Steps.of(NAME, steps));
        }
    },
    PARALLEL {
        @Override
        List<WorkflowStep> around(Step... steps) {
            return List.of(
                    Parallel.of(NAME, Steps.of("branch", steps), Step.of("beside", _ -> StepOutput.of("beside"))));
        }
    },
    LOOP {
        @Override
        List<WorkflowStep> around(Step... steps) {
            return List.of(Loop.of(NAME, steps).maxIterations(1));
        }
    },
    CONDITION {
        @Override
        List<WorkflowStep> around(Step... steps) {
            return List.of(Condition.of(NAME, _ -> true, steps));
        }
    },
    ROUTER {
        @Override
        List<WorkflowStep> around(Step... steps) {
            var names = Stream.of(steps).map(Step::name).toList();
            return List.of(Router.of(NAME, _ -> names, steps));
        }
    },
    NESTED {
        @Override
        List<WorkflowStep> around(Step... steps) {
            return List.of(
                    Step.of(NAME, Workflow.builder().name("Nested").steps(steps).build()));
        }
    };

    private static final String NAME = "composite";

    /** These steps one after the other, in the composite. */
    abstract List<WorkflowStep> around(Step... steps);

    /** All results of steps in a run and in the workflows below it, composites too. */
    static List<StepOutput> results(RunOutput of) {
        var all = new ArrayList<StepOutput>();
        add(of.steps(), all);
        of.memberResponses().forEach(below -> all.addAll(results(below)));
        return all;
    }

    private static void add(List<StepOutput> steps, List<StepOutput> to) {
        for (var step : steps) {
            to.add(step);
            if (step.kind() != StepKind.WORKFLOW) {
                // Those of a nested workflow come from its own output.
                add(step.steps(), to);
            }
        }
    }

    /** Those of one step, by its name. */
    static List<StepOutput> results(RunOutput of, String stepName) {
        return results(of).stream()
                .filter(step -> step.stepName().equals(stepName))
                .toList();
    }
}
