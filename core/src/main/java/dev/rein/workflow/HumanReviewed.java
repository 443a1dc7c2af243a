package dev.rein.workflow;

import dev.rein.run.Question;
import java.time.Duration;

/**
 * The questions that a step of any kind can ask people. While one is open the run is paused, and holds no thread of its caller. Each
 * method returns a changed copy, which is a different step.
 *
 * {@snippet :
 * Step.of("draft", writer).review("Is the draft good?").onReject(OnReject.RETRY).reviewTimeout(Duration.ofHours(8), OnTimeout.APPROVE)
 * }
 *
 * @param <S> the kind of the step
 */
public sealed interface HumanReviewed<S extends WorkflowStep & HumanReviewed<S>>
        permits Step, Steps, Parallel, Loop, Condition, Router {
    /** What the step asks. */
    HumanReview humanReview();

    /** Returns a copy that asks what is given. */
    S humanReview(HumanReview value);

    /**
     * Lets the step start only when people have confirmed it. {@link #onReject} says what a rejection leads to.
     *
     * @param text the question, for people
     */
    default S confirm(String text) {
        return humanReview(humanReview().before(Question.confirm(text)));
    }

    /**
     * Lets people review each successful output of the step: accept it, change it, or reject it with feedback. The steps that follow
     * see the accepted output only.
     *
     * @param text the question, for people
     */
    default S review(String text) {
        return reviewIf(_ -> true, text);
    }

    /**
     * The same for those outputs that a check selects.
     *
     * @param check called on the run's thread; a stop interrupts it
     */
    default S reviewIf(HumanReview.Check check, String text) {
        return humanReview(humanReview().output(text, check));
    }

    /** Sets what a rejection leads to, of the step and of its output. A value that fits only one of them leaves the other's default. */
    default S onReject(OnReject value) {
        return humanReview(humanReview().onReject(value));
    }

    /** Sets how many outputs may be rejected and made again, 0 to 100; 3 by default. One more rejection cancels the run. */
    default S reviewRetries(int value) {
        return humanReview(humanReview().maxRetries(value));
    }

    /**
     * Limits how long each question of the step waits for an answer. If the process has ended meanwhile, the outcome takes effect when
     * the run is resumed.
     *
     * @param value the time, positive
     * @param outcome what happens then
     */
    default S reviewTimeout(Duration value, OnTimeout outcome) {
        return humanReview(humanReview().timeout(value, outcome));
    }
}
