package dev.rein.telemetry;

import dev.rein.run.CallInterceptor;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunContext;
import dev.rein.run.RunInfo;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each run an interceptor that makes its spans, below the span of the code that has started the run. Thread-safe. */
final class RunTracing implements CallInterceptor {
    private static final Logger log = LoggerFactory.getLogger(RunTracing.class);

    private final Tracer tracer;
    private final RunSpans spans = new RunSpans();

    /** The run that a context belongs to. */
    private final ContextKey<RunSpan> owner = ContextKey.named("rein.run");

    RunTracing(Tracer tracer) {
        this.tracer = tracer;
    }

    Tracer tracer() {
        return tracer;
    }

    RunSpans spans() {
        return spans;
    }

    @Override
    public CallInterceptor forRun(RunInfo run) {
        return tracer.isEnabled() && !spans.contains(run) ? trace(run, parentOfRoot()) : this;
    }

    /** The current context; without a span in it, that of the request which the current thread handles. */
    private static Context parentOfRoot() {
        var current = Context.current();
        return Span.fromContext(current).getSpanContext().isValid() ? current : Propagation.incoming(current);
    }

    /** A run without an interceptor of its own has no spans, or has them already because it is observed twice. */
    @Override
    public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
        return code.call();
    }

    /** The interceptor of a run that is part of another one. */
    CallInterceptor forChild(RunInfo run, RunSpan above) {
        var parentRun = run.parentRunId();
        // Between the two there may be a run that is not traced.
        var direct = above.info().runId().equals(parentRun);
        return trace(run, direct ? starting(above) : contextIn(above));
    }

    private RunTrace trace(RunInfo run, Context parent) {
        var span = new RunSpan(run, before -> start(run, parent, before));
        var trace = new RunTrace(this, span);
        spans.put(span, trace);
        return trace;
    }

    /** @param before the span that the run had until it was paused; null for none */
    private Context start(RunInfo run, Context parent, @Nullable SpanContext before) {
        var workflow = run.kind() == ComponentKind.WORKFLOW;
        var operation = workflow ? Conventions.INVOKE_WORKFLOW : Conventions.INVOKE_AGENT;
        var name = run.componentName() == null ? run.componentId() : run.componentName();
        var builder = tracer.spanBuilder(operation + " " + name)
                .setParent(parent)
                .setStartTimestamp(before == null ? run.createdAt() : Instant.now())
                .setAttribute(Conventions.OPERATION_NAME, operation)
                .setAttribute(Conventions.RUN_ID, run.runId())
                .setAttribute(Conventions.COMPONENT_ID, run.componentId())
                .setAttribute(Conventions.COMPONENT_KIND, run.kind().name());
        if (workflow) {
            builder.setAttribute(Conventions.WORKFLOW_NAME, name);
        } else {
            builder.setAttribute(Conventions.AGENT_ID, run.componentId()).setAttribute(Conventions.AGENT_NAME, name);
        }
        if (run.sessionId() != null) {
            builder.setAttribute(Conventions.CONVERSATION_ID, run.sessionId());
        }
        if (run.step() != null) {
            builder.setAttribute(Conventions.STEP_NAME, run.step().stepName());
        }
        if (before != null) {
            builder.addLink(before);
        }
        return parent.with(started(builder));
    }

    /** Starts a span. A processor or a sampler that throws costs the run nothing but the span. */
    static Span started(SpanBuilder builder) {
        try {
            return builder.startSpan();
        } catch (RuntimeException e) {
            log.warn("A span could not be started, and is left out", e);
            return Span.getInvalid();
        }
    }

    /**
     * The context for work of a run on this thread: the current one if it is the run's own, so that spans of the user's come
     * between, otherwise that of the run.
     */
    @SuppressWarnings("ReferenceEquality") // Runs have no equality.
    Context contextIn(RunSpan run) {
        var current = Context.current();
        return current.get(owner) == run ? current : run.working().with(owner, run);
    }

    /** The context in which a run starts another one: members of a team are started on other threads than that of their tool call. */
    @SuppressWarnings("ReferenceEquality") // The very context that is current.
    private Context starting(RunSpan above) {
        var inside = contextIn(above);
        if (Context.current() == inside) {
            return inside;
        }
        var context = RunContext.current();
        var tool = context != null && context.runId().equals(above.info().runId())
                ? above.toolContext(context.toolCallId())
                : null;
        return tool == null ? inside : tool;
    }
}
