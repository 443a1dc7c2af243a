package dev.rein.workflow;

import dev.rein.run.Question;
import dev.rein.run.StepOutput;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks people: a question before its start, and a review of its output. Set by the methods of {@link HumanReviewed}.
 * Immutable; each method returns a changed copy.
 *
 * @param before the question before the start; null for none
 * @param output the question about the output, for people; null for no review
 * @param check which outputs are reviewed
 * @param onReject what a rejection leads to; null for the default, see {@link OnReject}
 * @param maxRetries how many outputs may be rejected and made again, 0 to 100; one more rejection cancels the run
 * @param timeout how long each question waits for an answer; null for no limit
 * @param onTimeout what happens when nobody has answered in time
 */
public record HumanReview(
        @Nullable Question before,
        @Nullable String output,
        Check check,
        @Nullable OnReject onReject,
        int maxRetries,
        @Nullable Duration timeout,
        OnTimeout onTimeout) {
    private static final int MAX_RETRIES = 100;
    private static final HumanReview NONE = new HumanReview(null, null, _ -> true, null, 3, null, OnTimeout.CANCEL);

    /** A test whether an output is reviewed. */
    @FunctionalInterface
    public interface Check {
        /** Whether people review an output. An exception fails the step. */
        boolean isNeeded(StepOutput output) throws Exception;
    }

    public HumanReview {
        Objects.requireNonNull(check, "the check of a review is null: leave it out to review each output");
        Objects.requireNonNull(onTimeout, "onTimeout is null: give APPROVE, SKIP or CANCEL");
        if (maxRetries < 0 || maxRetries > MAX_RETRIES) {
            throw new IllegalArgumentException("reviewRetries is " + maxRetries + ": give 0 to " + MAX_RETRIES);
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("reviewTimeout is " + timeout + ": it must be positive");
        }
    }

    /** Asks nothing. */
    public static HumanReview none() {
        return NONE;
    }

    HumanReview before(Question value) {
        return new HumanReview(value, output, check, onReject, maxRetries, timeout, onTimeout);
    }

    HumanReview output(String text, Check value) {
        Objects.requireNonNull(text, "the text of a review is null: give the question for people");
        return new HumanReview(before, text, value, onReject, maxRetries, timeout, onTimeout);
    }

    HumanReview onReject(OnReject value) {
        Objects.requireNonNull(value, "onReject is null: give SKIP, ELSE_BRANCH, RETRY or CANCEL");
        return new HumanReview(before, output, check, value, maxRetries, timeout, onTimeout);
    }

    HumanReview maxRetries(int value) {
        return new HumanReview(before, output, check, onReject, value, timeout, onTimeout);
    }

    HumanReview timeout(Duration value, OnTimeout outcome) {
        Objects.requireNonNull(value, "reviewTimeout is null: leave it out for no limit");
        return new HumanReview(before, output, check, onReject, maxRetries, value, outcome);
    }
}
