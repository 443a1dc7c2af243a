package dev.rein.telemetry;

import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunStatus;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The span of a live run, and of its calls whose outcome is not known yet. It starts with the first thing that happens in the run,
 * so that a refused run has none. Thread-safe.
 */
final class RunSpan {
    /** More can only wait if the notifications do not arrive. */
    private static final int MAX_WAITING = 1_000;

    private final RunInfo info;
    private final Function<@Nullable SpanContext, Context> starter;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable Context context;
    private volatile boolean ended;

    /** The model requests of a run follow each other. */
    private final ConcurrentLinkedDeque<CallSpan> requests = new ConcurrentLinkedDeque<>();

    private final AtomicInteger waiting = new AtomicInteger();

    /** By the id of the call. */
    private final ConcurrentHashMap<String, CallSpan> tools = new ConcurrentHashMap<>();

    /** The span before the last pause; null for none. Guarded by {@code starting}. */
    private @Nullable SpanContext beforePause;

    private volatile Instant lastWorkAt = Instant.MIN;

    /**
     * @param starter starts the span and returns the context in which it is current; called once, and again after each pause, with the span
     *     before it
     */
    RunSpan(RunInfo info, Function<@Nullable SpanContext, Context> starter) {
        this.info = info;
        this.starter = starter;
    }

    RunInfo info() {
        return info;
    }

    /** The context of the run's own work. */
    Context context() {
        var known = context;
        if (known != null) {
            return known;
        }
        starting.lock();
        try {
            var now = context;
            if (now == null) {
                now = starter.apply(beforePause);
                context = now;
            }
            return now;
        } finally {
            starting.unlock();
        }
    }

    /** The context for work that begins now. */
    Context working() {
        lastWorkAt = Instant.now();
        return context();
    }

    /**
     * Ends the span of a run that waits for people: nobody knows for how long, and this process may not live that long. The run has
     * another one when it goes on, linked to this one. If it has gone on meanwhile, the span stays.
     */
    void paused(Instant at) {
        starting.lock();
        try {
            if (context == null || lastWorkAt.isAfter(at)) {
                return;
            }
            var span = Span.fromContext(context);
            span.setAttribute(Conventions.RUN_STATUS, RunStatus.PAUSED.name());
            span.end(at);
            beforePause = span.getSpanContext().isValid() ? span.getSpanContext() : beforePause;
            context = null;
        } finally {
            starting.unlock();
        }
    }

    Span span() {
        return Span.fromContext(context());
    }

    /**
     * The context of a tool call that is executed; null if there is none.
     *
     * @param toolCallId its id; null for the only one
     */
    @Nullable
    Context toolContext(@Nullable String toolCallId) {
        if (toolCallId != null) {
            var call = tools.get(toolCallId);
            return call == null ? null : call.context();
        }
        var executed = tools.values().stream().filter(CallSpan::isOpen).limit(2).toList();
        return executed.size() == 1 ? executed.getFirst().context() : null;
    }

    void requestStarted(CallSpan request) {
        requests.addLast(request);
        if (waiting.incrementAndGet() > MAX_WAITING) {
            var eldest = takeRequest();
            if (eldest != null) {
                eldest.end();
            }
        }
    }

    /** A repeated call has a span for each attempt. */
    void toolStarted(String toolCallId, CallSpan call) {
        var before = tools.put(toolCallId, call);
        if (before != null) {
            before.end();
        }
        if (tools.size() > MAX_WAITING) {
            tools.values().removeIf(each -> {
                if (each == call) {
                    return false;
                }
                each.end();
                return true;
            });
        }
    }

    /** The span of a request; null if none was started, because it was stopped before. */
    @Nullable
    CallSpan request(RunListener.ModelRequest request) {
        var end = request.startedAt().plus(request.took()).plusMillis(1);
        for (var first = requests.peekFirst(); first != null; first = requests.peekFirst()) {
            if (first.startedAt().isAfter(end)) {
                return null;
            }
            takeRequest();
            if (!first.startedAt().isBefore(request.startedAt())) {
                return first;
            }
            // It was never heard of.
            first.end();
        }
        return null;
    }

    private @Nullable CallSpan takeRequest() {
        var first = requests.pollFirst();
        if (first != null) {
            waiting.decrementAndGet();
        }
        return first;
    }

    @Nullable
    CallSpan tool(String toolCallId) {
        return tools.remove(toolCallId);
    }

    /** The code of a call has returned. Nothing is heard any more of the calls of a run that has ended. */
    void returned(CallSpan call) {
        if (ended) {
            call.end();
        }
    }

    /** No more calls are expected: those whose outcome is unknown end with what is known of them. */
    void endCalls() {
        ended = true;
        requests.forEach(CallSpan::end);
        tools.values().forEach(CallSpan::end);
    }

    /** The end of the run was not heard of: its span ends without an outcome, if it has started. */
    void endAsLeft() {
        endCalls();
        if (context != null) {
            span().end();
        }
    }
}
