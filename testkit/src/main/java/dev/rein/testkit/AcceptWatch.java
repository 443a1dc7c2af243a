package dev.rein.testkit;

import java.io.IOException;
import java.net.Socket;
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
        while (goesOn()) {
            try {
                look();
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

    private static void look() throws IOException {
        // What is added after this line may be missing in the table that is read next.
        var watched = Set.copyOf(WATCHED.keySet());
        var open = new HashSet<Ports>();
        for (var row : TcpTable.read()) {
            if (row.isEstablished()) {
                open.add(new Ports(row.localPort(), row.remotePort()));
            }
        }
        var now = System.nanoTime();
        for (var ports : watched) {
            var exchange = WATCHED.get(ports);
            if (exchange != null && !open.contains(ports)) {
                exchange.clientClosed(now);
            }
        }
    }
}
