package dev.rein.telemetry;

import static dev.rein.telemetry.Conventions.*;

import dev.rein.model.Usage;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Completes and ends the spans of runs, model requests and tool calls. Thread-safe. */
final class TraceListener implements RunListener {
    private static final int MAX_REASON = 1_000;

    private final RunSpans spans;

    /** Whether and how much content spans have; 0 for none. */
    private final int maxContent;

    TraceListener(RunSpans spans, int maxContent) {
        this.spans = spans;
        this.maxContent = maxContent;
    }

    @Override
    public void modelRequestEnded(RunInfo run, ModelRequest request) {
        var known = spans.get(run.runId());
        var call = known == null ? null : known.request(request);
        if (call == null) {
            return;
        }
        var span = call.span();
        span.setAttribute(PROVIDER_NAME, request.provider());
        var reason = request.rawFinishReason() != null || request.finishReason() == null
                ? request.rawFinishReason()
                : request.finishReason().name().toLowerCase(Locale.ROOT);
        if (reason != null) {
            span.setAttribute(FINISH_REASONS, List.of(reason));
        }
        if (request.timeToFirstToken() != null) {
            span.setAttribute(TIME_TO_FIRST_CHUNK, Metrics.seconds(request.timeToFirstToken()));
        }
        if (request.usage() != null) {
            tokens(span, request.usage());
        }
        end(call, request.outcome(), request.failure(), request.startedAt().plus(request.took()));
    }

    @Override
    public void toolCallEnded(RunInfo run, ToolCall call) {
        var known = spans.get(run.runId());
        var span = known == null ? null : known.tool(call.toolCallId());
        if (span != null) {
            end(span, call.outcome(), call.failure(), call.startedAt().plus(call.took()));
        }
    }

    private void end(CallSpan span, Outcome outcome, @Nullable RunFailure failure, Instant at) {
        span.end(outcome, failure == null ? null : Failures.type(failure), description(failure), at);
    }

    /** The message of a failure may quote content. */
    private @Nullable String description(@Nullable RunFailure failure) {
        return failure == null || maxContent == 0 ? null : Content.cut(failure.message(), maxContent);
    }

    @Override
    public void runPaused(RunInfo run, Instant at) {
        var known = spans.get(run.runId());
        if (known != null) {
            known.paused(at);
        }
    }

    @Override
    public void runEnded(RunInfo run, RunOutput output) {
        var known = spans.remove(run);
        if (known == null) {
            return;
        }
        known.endCalls();
        var span = known.span();
        if (span.isRecording()) {
            outcome(span, output);
            tokens(span, output.metrics().usage());
            if (maxContent > 0) {
                span.setAttribute(INPUT_MESSAGES, Content.input(output, maxContent));
                span.setAttribute(OUTPUT_MESSAGES, Content.output(output, maxContent));
            }
        }
        span.end(Instant.now());
    }

    private void outcome(Span span, RunOutput output) {
        span.setAttribute(RUN_STATUS, output.status().name());
        var cause = output.cause();
        if (cause != null) {
            span.setAttribute(CANCEL_KIND, cause.kind().name());
            span.setAttribute(CANCEL_REASON, Content.cut(cause.reason(), MAX_REASON));
        }
        if (output.stopTook() != null) {
            span.setAttribute(CANCEL_TOOK_MS, output.stopTook().toMillis());
        }
        if (!output.abandoned().isEmpty()) {
            span.setAttribute(ABANDONED, (long) output.abandoned().size());
        }
        if (output.status() == RunStatus.ERROR) {
            var failure = output.failure();
            span.setAttribute(ERROR_TYPE, failure == null ? "_OTHER" : Failures.type(failure));
            var description = description(failure);
            if (description == null) {
                span.setStatus(StatusCode.ERROR);
            } else {
                span.setStatus(StatusCode.ERROR, description);
            }
        }
    }

    private static void tokens(Span span, Usage usage) {
        if (usage.totalTokens() == 0) {
            return;
        }
        span.setAttribute(INPUT_TOKENS, usage.inputTokens());
        span.setAttribute(OUTPUT_TOKENS, usage.outputTokens());
        if (usage.cacheReadTokens() > 0) {
            span.setAttribute(CACHE_READ_TOKENS, usage.cacheReadTokens());
        }
    }
}
