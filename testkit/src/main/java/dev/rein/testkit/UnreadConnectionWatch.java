package dev.rein.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Notices when a client closes a connection that is not being read. Reading would detect this, but also consume the client's data; so this
 * class polls the operating system's table of connections every few milliseconds. Linux only: on other systems the close is noticed when
 * the exchange is released. Its thread exists only while connections are watched.
 */
final class UnreadConnectionWatch {
    private static final long INTERVAL_MILLIS = 5;

    private static final Map<Ports, Exchange> WATCHED = new ConcurrentHashMap<>();
    private static final Object LOCK = new Object();
    private static @Nullable Thread thread;

    private record Ports(int local, int remote) {}

    /** Ends a watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private UnreadConnectionWatch() {}

    static Watch on(Socket socket, Exchange exchange) {
        var ports = new Ports(socket.getLocalPort(), socket.getPort());
        synchronized (LOCK) {
            WATCHED.put(ports, exchange);
            if (thread == null && TcpTable.exists()) {
                thread = Thread.ofPlatform()
                        .daemon()
                        .name("fake-provider-accept-watch")
                        .start(UnreadConnectionWatch::watch);
            }
        }
        return () -> WATCHED.remove(ports);
    }

    private static void watch() {
        var missing = Set.<Ports>of();
        while (hasConnections()) {
            try {
                missing = poll(missing);
                Thread.sleep(INTERVAL_MILLIS);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("cannot watch connections", e);
            }
        }
    }

    private static boolean hasConnections() {
        synchronized (LOCK) {
            if (WATCHED.isEmpty()) {
                thread = null;
            }
            return thread != null;
        }
    }

    /**
     * Polls the table once. A closed connection has another state, or is missing. The operating system may omit a line of a table that
     * changes while it is read, so a connection counts as closed when it is missing twice.
     *
     * @param missingBefore the connections that were missing in the previous poll
     * @return the connections that are missing now
     */
    private static Set<Ports> poll(Set<Ports> missingBefore) throws IOException {
        // Connections added after this line may be missing in the table that is read below.
        var watched = Set.copyOf(WATCHED.keySet());
        var established = new HashMap<Ports, Boolean>();
        for (var row : TcpTable.read()) {
            established.put(new Ports(row.localPort(), row.remotePort()), row.isEstablished());
        }
        var now = System.nanoTime();
        var missing = new HashSet<Ports>();
        for (var ports : watched) {
            var open = established.get(ports);
            if (open == null) {
                missing.add(ports);
            }
            var closed = open == null ? missingBefore.contains(ports) : !open;
            var exchange = WATCHED.get(ports);
            if (closed && exchange != null) {
                exchange.clientClosed(now);
            }
        }
        return missing;
    }
}
