package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepValues;
import dev.rein.workflow.Workflow;

/** Steps that see the earlier runs of their workflow in the session: a function counts them, an agent reads them. */
public final class WorkflowHistory {
    /** What the function passes on. */
    record Question(int number, String text) {}

    private WorkflowHistory() {}

    public static void main(String... args) {
        var interview = Workflow.builder()
                .name("Interview")
                .store(new InMemorySessionStore())
                .addHistory(5)
                .steps(
                        Step.of(
                                "count",
                                in -> StepValues.of(new Question(in.history().size() + 1, in.text()))),
                        Step.of("ask", in -> {
                            var question = in.value(Question.class);
                            return StepOutput.of("Question " + question.number() + ": " + question.text());
                        }),
                        Step.of("answer", Agent.of(ExampleModel.of(args), "Answer in one sentence.")))
                .build();
        var session = RunOptions.defaults().sessionId("interview-1");
        for (var question : new String[] {"How tall are dragons?", "And how old?"}) {
            System.out.println(Outcome.of(interview.run(question, session)));
        }
    }
}
