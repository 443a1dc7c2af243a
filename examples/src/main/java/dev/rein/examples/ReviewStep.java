package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.StepOutput;
import dev.rein.workflow.Condition;
import dev.rein.workflow.OnReject;
import dev.rein.workflow.OnTimeout;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;

/**
 * People review what a step has written: they reject the first version with feedback and change the second one. Then they do not
 * allow a condition, which executes its other step.
 */
public final class ReviewStep {
    private ReviewStep() {}

    public static void main(String... args) throws InterruptedException {
        var publishing = Workflow.builder()
                .name("Publishing")
                .steps(
                        Step.of("write", Agent.of(ExampleModel.of(args), "Write one sentence of news."))
                                .review("Is it good?")
                                .onReject(OnReject.RETRY)
                                .reviewRetries(2)
                                .reviewTimeout(Duration.ofHours(8), OnTimeout.CANCEL),
                        Condition.of(
                                        "publish?",
                                        _ -> true,
                                        Step.of("publish", in -> StepOutput.of("Published: " + in.text())))
                                .otherwise(Step.of("archive", in -> StepOutput.of("Archived: " + in.text())))
                                .confirm("Publish it?"))
                .build();

        var output = publishing.run("A dragon has learned to code.");
        while (output.isPaused()) {
            var asked = output.requirements().getFirst();
            var decision = decide(asked);
            System.out.println(asked.message() + " " + decision.action());
            output = publishing.continueRun(output.runId(), decision).await();
        }
        System.out.println(Outcome.of(output));
    }

    private static Decision decide(Requirement asked) {
        var terms = asked.terms();
        if (asked.kind() != Requirement.Kind.REVIEW || terms == null || terms.output() == null) {
            return Decision.reject(asked.id());
        }
        var written = terms.output().content();
        System.out.println("> " + written);
        return terms.rejections() == 0
                ? Decision.reject(asked.id(), "Name the dragon.")
                : Decision.edit(asked.id(), written + " (reviewed)");
    }
}
