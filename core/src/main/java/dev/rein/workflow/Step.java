package dev.rein.workflow;

import dev.rein.internal.Ids;
import dev.rein.run.Question;
import dev.rein.runtime.Component;
import dev.rein.runtime.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A single step. Immutable; each method returns a changed copy, which is a different step.
 *
 * {@snippet :
 * Step.of("research", researcher).description("Gather facts").retries(2).timeout(Duration.ofMinutes(5))
 * }
 *
 * @param id a UUID
 * @param name the name, unique in its workflow
 * @param description the purpose of the step; null for none
 * @param executor the executor
 * @param retry the retries after failures
 * @param timeout the time limit of each attempt, without pauses; null for none
 * @param onError what happens after a failure
 * @param onCancelled what happens when the run of the executor is cancelled, but not the workflow
 * @param humanReview what the step asks people
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
        HumanReview humanReview)
        implements WorkflowStep, HumanReviewed<Step> {

    /** The executor of a step. */
    public sealed interface Executor {
        /**
         * Execution by an agent, a team or another workflow.
         *
         * @param component the agent, team or workflow
         */
        record ComponentExecutor(Component component) implements Executor {}

        /**
         * Execution by a function.
         *
         * @param function the function
         */
        record FunctionExecutor(StepFunction function) implements Executor {}

        /**
         * Execution by people or another system; the run is paused until the result is provided.
         *
         * @param question the request
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
        return new Step(
                Ids.ofRun(),
                name,
                null,
                executor,
                RetryPolicy.of(0),
                null,
                OnError.FAIL,
                OnError.FAIL,
                HumanReview.none());
    }

    /** Returns a step that is executed by an agent, a team or another workflow. */
    public static Step of(String name, Component executor) {
        return of(
                name,
                new Executor.ComponentExecutor(
                        Objects.requireNonNull(executor, "step \"" + name + "\" has no executor")));
    }

    /** Returns a step that is executed by a function. */
    public static Step of(String name, StepFunction function) {
        return of(
                name,
                new Executor.FunctionExecutor(
                        Objects.requireNonNull(function, "step \"" + name + "\" has no function")));
    }

    /**
     * Returns a step that is executed by people or another system; the run is paused until the result is provided.
     *
     * @param question the request
     */
    public static Step external(String name, String question) {
        return of(name, new Executor.ExternalExecutor(Question.execute(question)));
    }

    @Override
    public List<WorkflowStep> parts() {
        return List.of();
    }

    public Step description(String value) {
        return with(copy -> copy.description = value);
    }

    public Step retry(RetryPolicy value) {
        return with(copy -> copy.retry = value);
    }

    /** Sets the number of retries, with exponential back-off from 0.5 s. */
    public Step retries(int value) {
        return retry(RetryPolicy.of(value));
    }

    public Step timeout(Duration value) {
        return with(copy -> copy.timeout = value);
    }

    /** Sets what happens after a failure, and sets {@link #onCancelled} to the same value. */
    public Step onError(OnError value) {
        return with(copy -> {
            copy.onError = value;
            copy.onCancelled = value;
        });
    }

    public Step onCancelled(OnError value) {
        return with(copy -> copy.onCancelled = value);
    }

    /** Lets the step start only when people have provided the values of the fields; see {@link StepInput#values}. */
    public Step userInput(String text, String... fields) {
        return humanReview(humanReview.before(Question.input(text, fields)));
    }

    @Override
    public Step humanReview(HumanReview value) {
        return with(copy -> copy.humanReview = value);
    }

    private Step with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return copy.step();
    }

    /** The mutable components of a copy, which has an id of its own. */
    private static final class Copy {
        private String name;
        private @Nullable String description;
        private Executor executor;
        private RetryPolicy retry;
        private @Nullable Duration timeout;
        private OnError onError;
        private OnError onCancelled;
        private HumanReview humanReview;

        Copy(Step step) {
            name = step.name;
            description = step.description;
            executor = step.executor;
            retry = step.retry;
            timeout = step.timeout;
            onError = step.onError;
            onCancelled = step.onCancelled;
            humanReview = step.humanReview;
        }

        Step step() {
            return new Step(
                    Ids.ofRun(), name, description, executor, retry, timeout, onError, onCancelled, humanReview);
        }
    }
}
