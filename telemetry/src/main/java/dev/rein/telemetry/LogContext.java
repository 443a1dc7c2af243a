package dev.rein.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The ids of a run in the MDC of a thread, for its log lines; closing it restores what was there. Used by one thread. */
final class LogContext implements AutoCloseable {
    static final String RUN_ID = "run_id";
    static final String SESSION_ID = "session_id";
    static final String TRACE_ID = "trace_id";

    private final Map<String, @Nullable String> before = new HashMap<>();

    LogContext(String runId, @Nullable String sessionId, SpanContext span) {
        put(RUN_ID, runId);
        put(SESSION_ID, sessionId);
        put(TRACE_ID, span.isValid() ? span.getTraceId() : null);
    }

    private void put(String key, @Nullable String value) {
        if (value != null) {
            before.put(key, MDC.get(key));
            MDC.put(key, value);
        }
    }

    @Override
    public void close() {
        before.forEach((key, value) -> {
            if (value == null) {
                MDC.remove(key);
            } else {
                MDC.put(key, value);
            }
        });
    }
}
