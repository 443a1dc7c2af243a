package dev.rein.runtime;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run may use up. Null is no limit. Limits are inherited down the tree of runs, and the earliest one wins: the
 * tokens of a member count for its team too. Immutable; each method returns a changed copy.
 *
 * @param deadline from the start of the work to its end; stands still while paused. Ends the run with cause DEADLINE
 * @param firstToken from a request to the first sign of life of its answer. Cause DEADLINE
 * @param idle between two signs of life of an answer; stands still while the stream's owner is slow. Cause DEADLINE
 * @param tool one tool call; the call is ended and the model told, the run goes on
 * @param queue waiting to be started. Cause DEADLINE
 * @param pause one wait for people's decisions; not inherited. Cause DEADLINE
 * @param tokens input and output of all calls; estimated at four characters a token while streaming, corrected by the
 *     provider's count. Cause BUDGET
 * @param toolCalls calls executed. Cause BUDGET
 * @param cost US dollars, by the model's {@link dev.rein.model.Pricing}. Cause BUDGET
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
        if (cost != null && !(cost > 0)) {
            throw new IllegalArgumentException("cost is " + cost + ": a limit must be more than 0 dollars");
        }
    }

    public static Limits none() {
        return NONE;
    }

    public Limits deadline(Duration value) {
        return new Limits(value, firstToken, idle, tool, queue, pause, tokens, toolCalls, cost);
    }

    public Limits firstToken(Duration value) {
        return new Limits(deadline, value, idle, tool, queue, pause, tokens, toolCalls, cost);
    }

    public Limits idle(Duration value) {
        return new Limits(deadline, firstToken, value, tool, queue, pause, tokens, toolCalls, cost);
    }

    public Limits tool(Duration value) {
        return new Limits(deadline, firstToken, idle, value, queue, pause, tokens, toolCalls, cost);
    }

    public Limits queue(Duration value) {
        return new Limits(deadline, firstToken, idle, tool, value, pause, tokens, toolCalls, cost);
    }

    public Limits pause(Duration value) {
        return new Limits(deadline, firstToken, idle, tool, queue, value, tokens, toolCalls, cost);
    }

    public Limits tokens(long value) {
        return new Limits(deadline, firstToken, idle, tool, queue, pause, value, toolCalls, cost);
    }

    public Limits toolCalls(int value) {
        return new Limits(deadline, firstToken, idle, tool, queue, pause, tokens, value, cost);
    }

    /** @param dollars US dollars */
    public Limits cost(double dollars) {
        return new Limits(deadline, firstToken, idle, tool, queue, pause, tokens, toolCalls, dollars);
    }

    /** These limits, each one the smaller of this and {@code other}. */
    public Limits and(Limits other) {
        if (other.equals(NONE)) {
            return this;
        }
        return new Limits(
                smaller(deadline, other.deadline),
                smaller(firstToken, other.firstToken),
                smaller(idle, other.idle),
                smaller(tool, other.tool),
                smaller(queue, other.queue),
                smaller(pause, other.pause),
                smaller(tokens, other.tokens),
                smaller(toolCalls, other.toolCalls),
                smaller(cost, other.cost));
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
}
