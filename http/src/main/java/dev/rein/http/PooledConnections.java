package dev.rein.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/**
 * Tells failures of a server from those of a connection that was kept from an earlier request: a server may close such a connection in
 * the moment in which a request is sent on it. That request was not processed, and is sent once more on a fresh connection. Thread-safe.
 */
final class PooledConnections {

    private static final int MOST_ADDRESSES = 1_000;

    /** A request on a closed connection fails as soon as it arrives. One that fails later may have been processed. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** The addresses to which a client may keep connections: a response was received to its end. */
    private static final Map<HttpClient, Set<String>> KEPT = Collections.synchronizedMap(new WeakHashMap<>());

    private PooledConnections() {}

    /** A response was received to its end, after which the client keeps the connection. */
    static void kept(HttpClient client, String address) {
        var addresses = KEPT.computeIfAbsent(client, any -> ConcurrentHashMap.newKeySet());
        if (addresses.size() >= MOST_ADDRESSES) {
            addresses.clear();
        }
        addresses.add(address);
    }

    /**
     * Whether a request, of which no response was received, may have been sent on a kept connection that the server was closing.
     *
     * @param failure of the request
     * @param waited time from sending to the failure
     */
    static boolean mayHaveBeenClosed(HttpClient client, String address, Throwable failure, Duration waited) {
        return failure instanceof IOException
                && waited.compareTo(LONGEST_WAIT) < 0
                && !hasReceived(failure)
                && !(failure instanceof ConnectException
                        || failure instanceof HttpTimeoutException
                        || failure instanceof ProtocolException
                        || failure instanceof SSLException)
                && KEPT.getOrDefault(client, Set.of()).contains(address);
    }

    /** Whether the JDK's client had received a part of the head of the response, which its messages say. */
    private static boolean hasReceived(Throwable failure) {
        var message = failure.getMessage();
        return message != null && message.contains(", receiving [");
    }

    /**
     * A client with the same settings that keeps no connection yet; the given one if it is not the JDK's. The client that is returned
     * is to be shut down, unless it is the given one.
     */
    static HttpClient withoutAny(HttpClient client) {
        if (!client.getClass().getName().startsWith("jdk.internal.net.http.")) {
            return client;
        }
        var copy = HttpClient.newBuilder().version(client.version()).followRedirects(client.followRedirects());
        client.connectTimeout().ifPresent(copy::connectTimeout);
        client.executor().ifPresent(copy::executor);
        client.proxy().ifPresent(copy::proxy);
        client.authenticator().ifPresent(copy::authenticator);
        client.cookieHandler().ifPresent(copy::cookieHandler);
        copy.sslContext(client.sslContext()).sslParameters(client.sslParameters());
        return copy.build();
    }
}
