package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import dev.rein.cancel.CancelledException;
import dev.rein.run.RunContext;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A call of a tool whose thread waits for the response, and handles meanwhile what the server sends. Not thread-safe. */
final class RunningCall implements ResponseWait {
    /** The name of the events with the server's reports. */
    static final String PROGRESS = "tool-progress";

    private static final Duration MIN_GAP = Duration.ofMillis(100);
    private static final int MAX_EVENTS = 1_000;
    private static final int MAX_MESSAGE = 1_000;

    private final String tool;
    private final RunContext context;
    private final Cancellation cancellation;
    private final @Nullable Duration idleTimeout;
    private final ServerRequests requests;
    private final ServerRequests.Samples samples;
    private final Map<String, String> headers;
    private final CallInbox inbox;
    private int events;
    private long lastEvent = System.nanoTime() - MIN_GAP.toNanos();

    /**
     * @param headers of the run
     * @param requests what the server may ask
     * @param idleTimeout how long the server may be silent; null for no limit
     */
    RunningCall(
            String tool,
            RunContext context,
            Map<String, String> headers,
            ServerRequests requests,
            @Nullable Duration idleTimeout) {
        this.headers = headers;
        this.requests = requests;
        this.samples = new ServerRequests.Samples(requests.samplesPerCall());
        this.inbox = new CallInbox(context.rootRunId());
        this.tool = tool;
        this.context = context;
        this.cancellation = context.cancellation();
        this.idleTimeout = idleTimeout;
    }

    @Override
    public CallInbox inbox() {
        return inbox;
    }

    @Override
    public <T> T await(CompletableFuture<T> future) throws McpToolException, IOException {
        try {
            return ResponseWait.await(future, cancellation, null);
        } catch (TimeoutException e) {
            throw new AssertionError("a wait without a timeout cannot time out", e);
        }
    }

    @Override
    public JsonNode await(Exchange exchange) throws McpToolException, IOException {
        var start = System.nanoTime();
        while (true) {
            var arrival = inbox.next();
            var isOver = exchange.response().isDone();
            showProgress(isOver);
            if (isOver) {
                return await(exchange.response());
            }
            var request = inbox.takeRequest();
            if (request != null) {
                answer(request, exchange);
                continue;
            }
            try {
                cancellation.await(arrival, nextWait(start));
            } catch (TimeoutException e) {
                if (idleTimeout != null && idle(start).compareTo(idleTimeout) >= 0) {
                    throw new IOException(
                            "the MCP server neither responded nor reported progress within " + idleTimeout.toMillis()
                                    + " ms; whether the call had effects is unknown",
                            e);
                }
            } catch (ExecutionException e) {
                throw new AssertionError("an arrival does not fail", e);
            }
        }
    }

    private void answer(JsonNode request, Exchange exchange) {
        var session = exchange.session();
        try {
            var answer = requests.answer(request, context, samples, exchange.response());
            inbox.heard();
            session.answer(answer, headers);
        } catch (CancelledException e) {
            session.answer(ServerRequests.cancelled(request), headers);
            throw e;
        }
    }

    private Duration idle(long start) {
        var now = System.nanoTime();
        return Duration.ofNanos(Math.min(now - start, now - inbox.lastSign()));
    }

    /** Null to wait until something arrives. */
    private @Nullable Duration nextWait(long start) {
        var left = idleTimeout == null ? null : positive(idleTimeout.minus(idle(start)));
        if (!inbox.hasProgress() || events >= MAX_EVENTS) {
            return left;
        }
        var gap = positive(MIN_GAP.minusNanos(System.nanoTime() - lastEvent));
        return left == null || gap.compareTo(left) < 0 ? gap : left;
    }

    private static Duration positive(Duration duration) {
        return duration.isPositive() ? duration : Duration.ofNanos(1);
    }

    /** Emits the last report, unless the one before was emitted a moment ago. The last one before the response is always emitted. */
    private void showProgress(boolean isOver) {
        var isDue = events < MAX_EVENTS && System.nanoTime() - lastEvent >= MIN_GAP.toNanos();
        var report = isOver || isDue ? inbox.takeProgress() : null;
        if (report == null) {
            return;
        }
        events++;
        lastEvent = System.nanoTime();
        context.emit(PROGRESS, data(report));
    }

    private Map<String, Object> data(JsonNode report) {
        var data = new LinkedHashMap<String, Object>();
        data.put("tool_name", tool);
        var callId = context.toolCallId();
        if (callId != null) {
            data.put("tool_call_id", callId);
        }
        for (var key : new String[] {"progress", "total"}) {
            if (report.path(key).isNumber() && Double.isFinite(report.path(key).doubleValue())) {
                data.put(key, report.path(key).numberValue());
            }
        }
        var message = report.path("message").asText("");
        if (!message.isEmpty()) {
            data.put("message", message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "..." : message);
        }
        return data;
    }

    @Override
    public Cancellation.Registration onStop(Exchange exchange) {
        return cancellation.onCancel(() -> ResponseWait.abandon(exchange, cancellation));
    }

    @Override
    public void leave(Exchange exchange) {
        if (cancellation.isCancelled()) {
            ResponseWait.abandon(exchange, cancellation);
        } else if (!exchange.isFinished()) {
            exchange.abandon("no response in time");
        }
    }
}
