package dev.rein.telemetry;

import dev.rein.run.RunListener.Outcome;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The span of one call. Ends once. Thread-safe. */
final class CallSpan {
    private static final Logger log = LoggerFactory.getLogger(CallSpan.class);

    private final Span span;
    private final Context context;
    private final Instant startedAt;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** What is known when its code returns; null until then. */
    private volatile @Nullable Result result;

    private record Result(Outcome outcome, @Nullable String errorType, Instant at) {}

    CallSpan(Span span, Context context, Instant startedAt) {
        this.span = span;
        this.context = context;
        this.startedAt = startedAt;
    }

    Span span() {
        return span;
    }

    /** The context of the code of the call. */
    Context context() {
        return context;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Whether its code is executed. */
    boolean isOpen() {
        return result == null;
    }

    /** Notes the outcome of its code. */
    void returned(Outcome outcome, @Nullable String errorType) {
        result = new Result(outcome, errorType, Instant.now());
    }

    /** Ends it with the outcome of its code, or as stopped if that has not returned. */
    void end() {
        var known = result;
        if (known == null) {
            end(Outcome.CANCELLED, null, null, Instant.now());
        } else {
            end(known.outcome, known.errorType, null, known.at);
        }
    }

    /**
     * Ends it with the outcome that the run saw, which may be another one than that of its code.
     *
     * @param description the message of the failure; null for none
     * @param at when it ended, unless its code returned before
     */
    void end(Outcome outcome, @Nullable String errorType, @Nullable String description, Instant at) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        span.setAttribute(Conventions.CALL_OUTCOME, outcome.name());
        if (outcome == Outcome.FAILED) {
            span.setAttribute(Conventions.ERROR_TYPE, errorType == null ? "_OTHER" : errorType);
            if (description == null) {
                span.setStatus(StatusCode.ERROR);
            } else {
                span.setStatus(StatusCode.ERROR, description);
            }
        }
        var known = result;
        var last = known == null ? at : known.at;
        try {
            span.end(last.isBefore(startedAt) ? startedAt : last);
        } catch (RuntimeException e) {
            log.warn("A span could not be ended", e);
        }
    }
}
