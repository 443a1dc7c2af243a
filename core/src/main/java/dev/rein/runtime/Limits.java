package dev.rein.runtime;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Limits on the time and resources of a run; null means no limit. A run that reaches a limit is cancelled with cause
 * DEADLINE or BUDGET. Runs inherit the limits of their parents, and the usage of a run counts for its parents, so that
 * the tokens of a member count for its team. Immutable; each method returns a changed copy.
 *
 * @param deadline the time from the start of the work to its end, without pauses (DEADLINE)
 * @param firstToken the time from a model request to the first data of the response (DEADLINE)
 * @param idle the time between two pieces of data of a response, without waits for a slow owner of the stream (DEADLINE)
 * @param tool the time of one tool call; the call ends with an error for the model, and the run continues
 * @param queue the time in the queue before the start (DEADLINE)
 * @param pause the time of one pause; not inherited (DEADLINE)
 * @param tokens the input and output tokens of all model calls; estimated as one token for four characters while
 *     streaming, then corrected by the provider's count (BUDGET)
 * @param toolCalls the number of executed tool calls (BUDGET)
 * @param cost the cost in US dollars, by the model's {@link dev.rein.model.Pricing} (BUDGET)
 */
public record Limits(
        @Nullable Duration deadline,
        @Nullable Duration firstToken,
        @Nullable Duration idle,
        @Nullable Duration tool,
        @Nullable Duration queue,
        @Nullable Duration pause,
        @Nullable Long tokens,
        @Nullable Integer toolCalls,
        @Nullable Double cost) {
    private static final Limits NONE = new Limits(null, null, null, null, null, null, null, null, null);

    public Limits {
        requirePositive("deadline", deadline);
        requirePositive("firstToken", firstToken);
        requirePositive("idle", idle);
        requirePositive("tool", tool);
        requirePositive("queue", queue);
        requirePositive("pause", pause);
        if (tokens != null && tokens < 1) {
            throw new IllegalArgumentException("tokens is " + tokens + ": a limit must be at least 1");
        }
        if (toolCalls != null && toolCalls < 0) {
            throw new IllegalArgumentException("toolCalls is " + toolCalls + ": a limit must not be negative");
        }
        if (cost != null && !(cost > 0 && cost < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "cost is " + cost + ": a limit must be more than 0 dollars and finite; null is no limit");
        }
    }

    public static Limits none() {
        return NONE;
    }

    public Limits deadline(Duration value) {
        return with(copy -> copy.deadline = value);
    }

    public Limits firstToken(Duration value) {
        return with(copy -> copy.firstToken = value);
    }

    public Limits idle(Duration value) {
        return with(copy -> copy.idle = value);
    }

    public Limits tool(Duration value) {
        return with(copy -> copy.tool = value);
    }

    public Limits queue(Duration value) {
        return with(copy -> copy.queue = value);
    }

    public Limits pause(Duration value) {
        return with(copy -> copy.pause = value);
    }

    public Limits tokens(long value) {
        return with(copy -> copy.tokens = value);
    }

    public Limits toolCalls(int value) {
        return with(copy -> copy.toolCalls = value);
    }

    /** @param value US dollars */
    public Limits cost(double value) {
        return with(copy -> copy.cost = value);
    }

    /** Returns limits of which each is the smaller one of this and {@code other}. */
    public Limits and(Limits other) {
        if (other.equals(NONE)) {
            return this;
        }
        return with(copy -> {
            copy.deadline = smaller(deadline, other.deadline);
            copy.firstToken = smaller(firstToken, other.firstToken);
            copy.idle = smaller(idle, other.idle);
            copy.tool = smaller(tool, other.tool);
            copy.queue = smaller(queue, other.queue);
            copy.pause = smaller(pause, other.pause);
            copy.tokens = smaller(tokens, other.tokens);
            copy.toolCalls = smaller(toolCalls, other.toolCalls);
            copy.cost = smaller(cost, other.cost);
        });
    }

    private Limits with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return copy.limits();
    }

    private static <T extends Comparable<T>> @Nullable T smaller(@Nullable T a, @Nullable T b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static void requirePositive(String name, @Nullable Duration value) {
        if (value != null && (value.isZero() || value.isNegative())) {
            throw new IllegalArgumentException(name + " is " + value + ": a limit must be positive");
        }
    }

    /** The mutable components of a copy. */
    private static final class Copy {
        private @Nullable Duration deadline;
        private @Nullable Duration firstToken;
        private @Nullable Duration idle;
        private @Nullable Duration tool;
        private @Nullable Duration queue;
        private @Nullable Duration pause;
        private @Nullable Long tokens;
        private @Nullable Integer toolCalls;
        private @Nullable Double cost;

        Copy(Limits limits) {
            deadline = limits.deadline;
            firstToken = limits.firstToken;
            idle = limits.idle;
            tool = limits.tool;
            queue = limits.queue;
            pause = limits.pause;
            tokens = limits.tokens;
            toolCalls = limits.toolCalls;
            cost = limits.cost;
        }

        Limits limits() {
            return new Limits(deadline, firstToken, idle, tool, queue, pause, tokens, toolCalls, cost);
        }
    }
}
