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
 * Notices that the client has closed a connection nobody reads. Reading would tell, but would also take what the client
 * sends; so this looks at the kernel's table of connections every few milliseconds. Linux only: elsewhere the close of
 * such a connection is noticed when it is released. Its one thread is there only while something is watched.
 */
final class AcceptWatch {
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

    private AcceptWatch() {}

    static Watch on(Socket socket, Exchange exchange) {
        var ports = new Ports(socket.getLocalPort(), socket.getPort());
        synchronized (LOCK) {
            WATCHED.put(ports, exchange);
            if (thread == null && TcpTable.exists()) {
                thread = Thread.ofPlatform()
                        .daemon()
                        .name("fake-provider-accept-watch")
                        .start(AcceptWatch::watch);
            }
        }
        return () -> WATCHED.remove(ports);
    }

    private static void watch() {
        var missing = Set.<Ports>of();
        while (goesOn()) {
            try {
                missing = look(missing);
                Thread.sleep(INTERVAL_MILLIS);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("can't watch connections", e);
            }
        }
    }

    private static boolean goesOn() {
        synchronized (LOCK) {
            if (WATCHED.isEmpty()) {
                thread = null;
            }
            return thread != null;
        }
    }

    /**
     * Looks once. A connection that is closed shows another state, or is gone. The kernel may leave out a line of a table
     * that changes while it is read, so gone means missing twice.
     *
     * @param missingBefore what was missing the last time
     * @return what is missing now
     */
    private static Set<Ports> look(Set<Ports> missingBefore) throws IOException {
        // What is added after this line may be missing in the table that is read next.
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
