package dev.rein.workflow;

import dev.rein.internal.Ids;
import dev.rein.run.Question;
import dev.rein.runtime.Component;
import dev.rein.runtime.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step. Immutable; each method returns a changed copy that is another step.
 *
 * {@snippet :
 * Step.of("research", researcher).description("Gather facts").retries(2).timeout(Duration.ofMinutes(5))
 * }
 *
 * @param id a UUID
 * @param name unique in its workflow
 * @param description what it is for; null for none
 * @param executor who executes it
 * @param retry how often it is tried again, and after which wait
 * @param timeout how long one try may take, waits for people left out; null for no limit
 * @param onError what follows when it fails
 * @param onCancelled what follows when the run of its executor is cancelled alone
 * @param question what people are asked before it begins; null for nothing. Rejected, the step is skipped
 */
public record Step(
        String id,
        String name,
        @Nullable String description,
        Executor executor,
        RetryPolicy retry,
        @Nullable Duration timeout,
        OnError onError,
        OnError onCancelled,
        @Nullable Question question)
        implements WorkflowStep {

    /** Who executes a step. */
    public sealed interface Executor {
        /**
         * An agent, a team or another workflow.
         *
         * @param component which
         */
        record ComponentExecutor(Component component) implements Executor {}

        /**
         * A function.
         *
         * @param function which
         */
        record FunctionExecutor(StepFunction function) implements Executor {}

        /**
         * People, or another system: the run is paused until the result is given.
         *
         * @param question what to ask for
         */
        record ExternalExecutor(Question question) implements Executor {}
    }

    public Step {
        StepValidation.requireName("step", name);
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(retry, () -> "retry of step \"" + name + "\" is null: give a RetryPolicy");
        Objects.requireNonNull(onError, () -> "onError of step \"" + name + "\" is null: give FAIL, SKIP or PAUSE");
        Objects.requireNonNull(
                onCancelled, () -> "onCancelled of step \"" + name + "\" is null: give FAIL, SKIP or PAUSE");
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException(
                    "timeout of step \"" + name + "\" is " + timeout + ": it must be positive");
        }
    }

    private static Step of(String name, Executor executor) {
        return new Step(Ids.ofRun(), name, null, executor, RetryPolicy.of(0), null, OnError.FAIL, OnError.FAIL, null);
    }

    /** @param executor an agent, a team or another workflow */
    public static Step of(String name, Component executor) {
        return of(
                name,
                new Executor.ComponentExecutor(
                        Objects.requireNonNull(executor, "step \"" + name + "\" has no executor")));
    }

    public static Step of(String name, StepFunction function) {
        return of(
                name,
                new Executor.FunctionExecutor(
                        Objects.requireNonNull(function, "step \"" + name + "\" has no function")));
    }

    /** @param question what people, or another system, are asked to do; the run is paused until they give the result */
    public static Step external(String name, String question) {
        return of(name, new Executor.ExternalExecutor(Question.execute(question)));
    }

    @Override
    public List<WorkflowStep> parts() {
        return List.of();
    }

    public Step description(String value) {
        return new Step(Ids.ofRun(), name, value, executor, retry, timeout, onError, onCancelled, question);
    }

    public Step retry(RetryPolicy value) {
        return new Step(Ids.ofRun(), name, description, executor, value, timeout, onError, onCancelled, question);
    }

    /** {@link #retry} with exponential back-off from half a second. */
    public Step retries(int value) {
        return retry(RetryPolicy.of(value));
    }

    public Step timeout(Duration value) {
        return new Step(Ids.ofRun(), name, description, executor, retry, value, onError, onCancelled, question);
    }

    /** Also what {@link #onCancelled} is from here on. */
    public Step onError(OnError value) {
        return new Step(Ids.ofRun(), name, description, executor, retry, timeout, value, value, question);
    }

    public Step onCancelled(OnError value) {
        return new Step(Ids.ofRun(), name, description, executor, retry, timeout, onError, value, question);
    }

    /** Begins only when people have confirmed it; rejected, it is skipped. */
    public Step confirm(String text) {
        return asking(Question.confirm(text));
    }

    /** Begins only when people have given these values; see {@link StepInput#values}. */
    public Step userInput(String text, String... fields) {
        return asking(Question.input(text, fields));
    }

    private Step asking(Question value) {
        return new Step(Ids.ofRun(), name, description, executor, retry, timeout, onError, onCancelled, value);
    }
}
