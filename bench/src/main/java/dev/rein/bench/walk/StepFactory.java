package dev.rein.bench.walk;

import dev.rein.bench.walk.Journal.Code;
import dev.rein.bench.walk.StepNode.ComponentStep;
import dev.rein.bench.walk.StepNode.Composite;
import dev.rein.bench.walk.StepNode.ExternalStep;
import dev.rein.bench.walk.StepNode.FunctionStep;
import dev.rein.bench.walk.StepNode.Leaf;
import dev.rein.bench.walk.StepNode.Questions;
import dev.rein.run.RunContext;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RetryPolicy;
import dev.rein.workflow.Condition;
import dev.rein.workflow.HumanReviewed;
import dev.rein.workflow.Loop;
import dev.rein.workflow.OnReject;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepInput;
import dev.rein.workflow.Steps;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Makes the steps of workflows. */
final class StepFactory {
    private final ComponentFactory components;
    private final UserCode code;

    StepFactory(ComponentFactory components, UserCode code) {
        this.components = components;
        this.code = code;
    }

    WorkflowStep step(StepNode node) {
        return switch (node) {
            case FunctionStep step -> handled(Step.of(step.name(), input -> output(step, input)), step);
            case ComponentStep step -> handled(Step.of(step.name(), components.component(step.component())), step);
            case ExternalStep step ->
                Step.external(step.name(), "Do it").onError(step.handling().onError());
            case Composite composite -> composite(composite);
        };
    }

    @SuppressWarnings("NullAway") // A function that returns null is one of those that are tried.
    private StepOutput output(FunctionStep step, StepInput input) throws Exception {
        var result = code.enter(Code.FUNCTION, step.name(), step.act(), input.context());
        return result == null ? null : StepOutput.of(String.valueOf(result));
    }

    private static WorkflowStep handled(Step step, Leaf leaf) {
        var handling = leaf.handling();
        var handled = step.onError(handling.onError())
                .retry(new RetryPolicy(handling.retries(), Duration.ofMillis(1), 1, Duration.ofMillis(2)));
        if (handling.timeoutMillis() > 0) {
            handled = handled.timeout(Duration.ofMillis(handling.timeoutMillis()));
        }
        return switch (handling.asks()) {
            case NOBODY, FOR_RESULT -> asking(handled, handling.questions());
            case FOR_CONFIRMATION -> asking(handled.confirm("May it?"), handling.questions());
            case FOR_INPUT -> handled.userInput("With what?", "value");
        };
    }

    /** More rejections than a case answers, so that none of them cancels the run. */
    private static final int RETRIES = 100;

    private static <S extends WorkflowStep & HumanReviewed<S>> S asking(S step, Questions questions) {
        if (!questions.confirms() && !questions.reviews()) {
            return step;
        }
        var asking = questions.confirms() ? step.confirm("May it?") : step;
        asking = questions.reviews() ? asking.review("Is it good?").reviewRetries(RETRIES) : asking;
        asking = questions.skips() ? asking.onReject(OnReject.SKIP) : asking;
        return questions.timeoutMillis() == 0
                ? asking
                : asking.reviewTimeout(Duration.ofMillis(questions.timeoutMillis()), questions.onTimeout());
    }

    private WorkflowStep composite(Composite node) {
        var parts = node.parts().stream().map(this::step).toArray(WorkflowStep[]::new);
        return switch (node.composition()) {
            case STEPS -> asking(Steps.of(node.name(), parts), node.questions());
            case PARALLEL -> asking(Parallel.of(node.name(), parts), node.questions());
            case LOOP ->
                asking(
                        Loop.of(node.name(), parts)
                                .maxIterations(node.count())
                                .until(_ -> decide(node, RunContext.current()) == null),
                        node.questions());
            case CONDITION ->
                asking(
                        Condition.of(node.name(), input -> decide(node, input.context()) != null, parts)
                                .otherwise(Step.of(node.name() + "-otherwise", _ -> StepOutput.of("otherwise"))),
                        node.questions());
            case ROUTER ->
                asking(Router.of(node.name(), input -> choices(node, input.context()), parts), node.questions());
            case ASKING_ROUTER -> Router.asking(node.name(), "Which way?", parts);
        };
    }

    private @org.jspecify.annotations.Nullable Object decide(
            Composite node, @org.jspecify.annotations.Nullable RunContext context) throws Exception {
        return code.enter(Code.DECISION, node.name(), node.decision(), Objects.requireNonNull(context));
    }

    @SuppressWarnings("NullAway") // A choice of null is one of those that are tried.
    private List<String> choices(Composite node, RunContext context) throws Exception {
        if (decide(node, context) == null) {
            return null;
        }
        return node.parts().stream().limit(node.count()).map(StepNode::name).toList();
    }
}
