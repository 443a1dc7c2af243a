package dev.rein.tool;

import dev.rein.run.Question;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of a tool are made; see the methods of {@link ToolSpec} of the same names, and the attributes of {@link Tool}. Immutable.
 *
 * @param timeout the time limit of a call; null for the limit of the run, see {@link dev.rein.runtime.Limits#tool}
 * @param question the question to people before each call; null for none
 * @param resultLimit the maximum size of a result for the model, in bytes of UTF-8; 0 for that of the agent
 * @param cache null if results are not kept
 * @param retries null if a failed call is not repeated
 * @param end what the run does after a call
 * @param showResult whether the result is part of the text that users see
 * @param visibility what events show of the calls
 */
public record ToolOptions(
        @Nullable Duration timeout,
        @Nullable Question question,
        int resultLimit,
        @Nullable ToolCache cache,
        @Nullable ToolRetries retries,
        ToolEnd end,
        boolean showResult,
        ToolVisibility visibility) {
    private static final int MAX_SHARED = 1_000;

    /** Nothing special. */
    public static final ToolOptions DEFAULTS =
            new ToolOptions(null, null, 0, null, null, ToolEnd.CONTINUE, false, ToolVisibility.SHOWN);

    public ToolOptions {
        Objects.requireNonNull(end, "end is null: give ToolEnd.CONTINUE");
        Objects.requireNonNull(visibility, "visibility is null: give ToolVisibility.SHOWN");
        if (showResult && visibility != ToolVisibility.SHOWN) {
            throw new IllegalArgumentException("showResult is true, and visibility is " + visibility
                    + ": users see the result, or it is hidden; give one of them");
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("the timeout of a tool is " + timeout + ": it must be positive");
        }
        if (resultLimit < 0) {
            throw new IllegalArgumentException(
                    "the result limit of a tool is " + resultLimit + ": give at least 1, or 0 for that of the agent");
        }
    }

    /**
     * Returns the options of an annotated method.
     *
     * @param name the name of the tool
     * @throws IllegalArgumentException if an attribute is not valid; the message names it
     */
    public static ToolOptions of(Tool tool, String name) {
        requireNotNegative("timeoutSeconds", tool.timeoutSeconds(), "0 to leave it to the run's limits");
        requireNotNegative("resultLimit", tool.resultLimit(), "0 for the limit of the agent");
        requireNotNegative("cacheSeconds", tool.cacheSeconds(), "0 to keep no results");
        if (tool.sharedCache() && tool.cacheSeconds() == 0) {
            throw new IllegalArgumentException("sharedCache is true, and cacheSeconds is 0: give cacheSeconds");
        }
        if (tool.returnDirect() && tool.endsRun()) {
            throw new IllegalArgumentException(
                    "returnDirect and endsRun are true: give one of them, which says what the answer of the run is");
        }
        var ttl = Duration.ofSeconds(tool.cacheSeconds());
        return new ToolOptions(
                tool.timeoutSeconds() == 0 ? null : Duration.ofSeconds(tool.timeoutSeconds()),
                tool.requiresConfirmation() ? Question.confirm("May " + name + " be called?") : null,
                tool.resultLimit(),
                tool.cacheSeconds() == 0
                        ? null
                        : tool.sharedCache() ? ToolCache.shared(ttl, MAX_SHARED) : ToolCache.perRun(ttl),
                tool.repeatable() ? ToolRetries.of(tool.retries()) : null,
                tool.returnDirect() ? ToolEnd.RETURN_DIRECT : tool.endsRun() ? ToolEnd.END_RUN : ToolEnd.CONTINUE,
                tool.showResult(),
                tool.visibility());
    }

    private static void requireNotNegative(String attribute, long value, String otherwise) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    attribute + " is " + value + ": give a positive number, or " + otherwise);
        }
    }

    /** Returns a copy with another time limit. */
    public ToolOptions timeout(@Nullable Duration value) {
        return with(copy -> copy.timeout = value);
    }

    /** Returns a copy with another question. */
    public ToolOptions question(@Nullable Question value) {
        return with(copy -> copy.question = value);
    }

    /** Returns a copy with another maximum size of results. */
    public ToolOptions resultLimit(int bytes) {
        return with(copy -> copy.resultLimit = bytes);
    }

    /** Returns a copy with another cache. */
    public ToolOptions cache(@Nullable ToolCache value) {
        return with(copy -> copy.cache = value);
    }

    /** Returns a copy with other retries. */
    public ToolOptions retries(@Nullable ToolRetries value) {
        return with(copy -> copy.retries = value);
    }

    /** Returns a copy after whose calls the run does something else. */
    public ToolOptions end(ToolEnd value) {
        return with(copy -> copy.end = value);
    }

    /** Returns a copy whose results users see, or not. */
    public ToolOptions showResult(boolean value) {
        return with(copy -> copy.showResult = value);
    }

    /** Returns a copy of whose calls events show something else. */
    public ToolOptions visibility(ToolVisibility value) {
        return with(copy -> copy.visibility = value);
    }

    private ToolOptions with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return new ToolOptions(
                copy.timeout,
                copy.question,
                copy.resultLimit,
                copy.cache,
                copy.retries,
                copy.end,
                copy.showResult,
                copy.visibility);
    }

    /** The mutable components of a copy. */
    private static final class Copy {
        private @Nullable Duration timeout;
        private @Nullable Question question;
        private int resultLimit;
        private @Nullable ToolCache cache;
        private @Nullable ToolRetries retries;
        private ToolEnd end;
        private boolean showResult;
        private ToolVisibility visibility;

        Copy(ToolOptions options) {
            timeout = options.timeout;
            question = options.question;
            resultLimit = options.resultLimit;
            cache = options.cache;
            retries = options.retries;
            end = options.end;
            showResult = options.showResult;
            visibility = options.visibility;
        }
    }
}
