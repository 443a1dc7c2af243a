package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunContext;
import dev.rein.run.RunOutput;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation42HangingAborterInAPartTest {
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AtomicBoolean hasWaited = new AtomicBoolean();
    private Gate hanging = new Gate();
    private Gate registered = new Gate();
    private Gate closed = new Gate();

    @AfterEach
    void release() {
        hanging.open();
        closed.open();
        Waiting.until("abandoned threads come back", () -> Runs.shared().abandonedThreads() == 0);
    }

    /** Two aborters: one hangs, the other releases the code while the first one does. */
    private String waitForTheOther(RunContext context) {
        try (var _ = context.cancellation().onCancel(hanging::passDeaf);
                var _ = context.cancellation().onCancel(() -> {
                    hanging.awaitArrival();
                    closed.open();
                })) {
            registered.arrive();
            closed.passDeaf();
            return "released";
        }
    }

    private void endsWithItsGrace(Form form, Supplier<Component> whole) {
        var output = Waiting.withGrowingLimit(
                grace -> stoppedWithin(grace, form, whole.get()),
                stopped -> !hasWaited.get() && Tree.part(stopped).abandoned().size() == 1);
        assertThat(hasWaited).as("cancel has waited").isFalse();
        assertThat(Tree.part(output).abandoned())
                .singleElement()
                .satisfies(thread -> assertThat(thread.what()).startsWith("aborter of"));
    }

    private RunOutput stoppedWithin(Duration grace, Form form, Component whole) {
        hanging = new Gate();
        registered = new Gate();
        closed = new Gate();
        var run = form.start(whole, "Go");
        registered.awaitArrival();

        run.cancel(CancelRequest.now().grace(grace));

        hasWaited.set(run.isOver());
        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.stopTook()).isBetween(grace, grace.plus(Waiting.SOON));
        hanging.open();
        return output;
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Tree#withForms")
    void theWholeEndsWithItsGraceWhenAnAborterOfAPartHangs(Tree tree, Form form) {
        var part = Agent.builder()
                .name("Part")
                .model(ScriptedModel.create().toolCall("wait", "{}"))
                .tools(Tools.tool("wait", this::waitForTheOther))
                .build();
        endsWithItsGrace(form, () -> tree.around(part, store));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aWorkflowEndsWithItsGraceWhenAnAborterOfAStepHangs(Form form) {
        endsWithItsGrace(
                form,
                () -> Workflow.builder()
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .steps(Parallel.of(
                                "both",
                                Step.of("wait", input -> StepOutput.of(waitForTheOther(input.context()))),
                                Step.of("beside", _ -> StepOutput.of("beside"))))
                        .build());
    }
}
