package dev.rein.trace;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The trace headers of the current thread. A server binds those of a request while it handles the request; a {@link
 * dev.rein.run.CallInterceptor} binds those for the requests that a model or a tool sends. Code that sends requests adds {@link
 * #outgoing()} to them, as the models of {@code rein-http} and the tools for HTTP do. Thread-safe.
 */
public final class TraceHeaders {
    private static final ScopedValue<Function<String, @Nullable String>> INCOMING = ScopedValue.newInstance();
    private static final ScopedValue<Supplier<Map<String, String>>> OUTGOING = ScopedValue.newInstance();

    private TraceHeaders() {}

    /** The headers for a request that is sent on this thread now; empty for none. */
    public static Map<String, String> outgoing() {
        return OUTGOING.isBound() ? OUTGOING.get().get() : Map.of();
    }

    /**
     * Calls code whose requests carry headers.
     *
     * @param headers asked at each request, on its thread
     */
    public static <T extends @Nullable Object> T withOutgoing(Supplier<Map<String, String>> headers, Callable<T> code)
            throws Exception {
        return ScopedValue.where(OUTGOING, headers).<T, Exception>call(code::call);
    }

    /** A header of the request that this thread handles; null if there is none. */
    public static @Nullable String incoming(String name) {
        return INCOMING.isBound() ? INCOMING.get().apply(name) : null;
    }

    /**
     * Calls code that handles a request.
     *
     * @param headers returns the value of a header of the request by its name; null for none
     */
    public static <T extends @Nullable Object> T withIncoming(
            Function<String, @Nullable String> headers, Callable<T> code) throws Exception {
        return ScopedValue.where(INCOMING, headers).<T, Exception>call(code::call);
    }
}
