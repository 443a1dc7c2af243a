package dev.rein.telemetry;

import dev.rein.trace.TraceHeaders;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trace context of requests: the headers {@code traceparent} and {@code tracestate} of W3C, and no baggage, which may be internal. */
final class Propagation {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private Propagation() {}

    /** The headers for a request that is sent in the current context. */
    static Map<String, String> outgoing() {
        var headers = new HashMap<String, String>();
        W3C.inject(Context.current(), headers, (map, name, value) -> {
            if (map != null) {
                map.put(name, value);
            }
        });
        return headers;
    }

    /** The context of the request that this thread handles, with what {@code current} has. */
    static Context incoming(Context current) {
        return TraceHeaders.incoming("traceparent") == null ? current : W3C.extract(current, "", Incoming.INSTANCE);
    }

    /** Reads the headers of the current request; the carrier is not used. */
    private enum Incoming implements TextMapGetter<String> {
        INSTANCE;

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return TraceHeaders.incoming(key);
        }
    }
}
