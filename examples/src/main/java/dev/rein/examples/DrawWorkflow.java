package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;

/** Prints a workflow as a flowchart in the language of Mermaid. Asks no model. */
public final class DrawWorkflow {
    private DrawWorkflow() {}

    public static void main(String... args) {
        var agent = Agent.of(ExampleModel.of(args), "You help.");
        var workflow = Workflow.builder()
                .name("Article")
                .steps(
                        Parallel.of("research", Step.of("web", agent), Step.of("news", agent)),
                        Loop.of("drafts", Step.of("write", agent)).maxIterations(3),
                        Condition.of("long?", input -> input.text().length() > 1000, Step.of("shorten", agent)),
                        Step.external("review", "Read it"))
                .build();
        System.out.print(workflow.toMermaid());
    }
}
