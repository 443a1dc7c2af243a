package dev.rein.telemetry;

import dev.rein.run.CallInterceptor;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener.Outcome;
import dev.rein.tool.StopRunException;
import dev.rein.trace.TraceHeaders;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Makes the spans of one run's calls, and has them current on the threads of the calls. Thread-safe. */
final class RunTrace implements CallInterceptor {
    private final RunTracing tracing;
    private final RunSpan run;

    RunTrace(RunTracing tracing, RunSpan run) {
        this.tracing = tracing;
        this.run = run;
    }

    @Override
    public CallInterceptor forRun(RunInfo child) {
        return tracing.forChild(child, run);
    }

    @Override
    public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
        var span = start(call);
        try (var _ = span.context().makeCurrent();
                var _ = new LogContext(
                        run.info().runId(), run.info().sessionId(), span.span().getSpanContext())) {
            var result = TraceHeaders.withOutgoing(Propagation::outgoing, code);
            span.returned(Outcome.COMPLETED, null);
            return result;
        } catch (Throwable e) {
            // Whatever is thrown after a stop is a consequence of it.
            if (call.context().cancellation().isCancelled() || e instanceof StopRunException) {
                span.returned(Outcome.CANCELLED, null);
            } else {
                span.returned(Outcome.FAILED, Failures.type(RunFailure.of(e)));
            }
            throw e;
        } finally {
            switch (call.kind()) {
                // The listener ends them, which knows more.
                case MODEL_REQUEST, TOOL_CALL -> run.returned(span);
                default -> span.end();
            }
        }
    }

    private CallSpan start(Call call) {
        var toolCallId = call.context().toolCallId();
        var span = start(call, toolCallId);
        if (call.kind() == Kind.MODEL_REQUEST) {
            run.requestStarted(span);
        } else if (call.kind() == Kind.TOOL_CALL && toolCallId != null) {
            run.toolStarted(toolCallId, span);
        }
        return span;
    }

    private CallSpan start(Call call, @Nullable String toolCallId) {
        var parent = tracing.contextIn(run);
        var startedAt = Instant.now();
        var span = RunTracing.started(builder(call, toolCallId)
                .setParent(parent)
                .setStartTimestamp(startedAt)
                .setAttribute(Conventions.RUN_ID, run.info().runId()));
        return new CallSpan(span, span.getSpanContext().isValid() ? parent.with(span) : parent, startedAt);
    }

    private SpanBuilder builder(Call call, @Nullable String toolCallId) {
        return switch (call.kind()) {
            case MODEL_REQUEST ->
                builder(Conventions.CHAT, call.name())
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute(Conventions.OPERATION_NAME, Conventions.CHAT)
                        .setAttribute(Conventions.REQUEST_MODEL, call.name())
                        .setAttribute(Conventions.CONVERSATION_ID, run.info().sessionId());
            case TOOL_CALL ->
                builder(Conventions.EXECUTE_TOOL, call.name())
                        .setAttribute(Conventions.OPERATION_NAME, Conventions.EXECUTE_TOOL)
                        .setAttribute(Conventions.TOOL_NAME, call.name())
                        .setAttribute(Conventions.TOOL_TYPE, "function")
                        .setAttribute(Conventions.TOOL_CALL_ID, toolCallId);
            default -> builder(call.kind().name().toLowerCase(Locale.ROOT), call.name());
        };
    }

    private SpanBuilder builder(String operation, String name) {
        return tracing.tracer().spanBuilder(operation + " " + name);
    }
}
