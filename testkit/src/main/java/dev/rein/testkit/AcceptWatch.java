package dev.rein.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the client has closed a connection nobody reads. Reading would tell, but would also take what the client
 * sends; so this looks at the kernel's table of connections every few milliseconds. Linux only: elsewhere the close of
 * such a connection is noticed when it is released.
 */
final class AcceptWatch {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final long INTERVAL_MILLIS = 5;
    private static final String ESTABLISHED = "01";

    private static final Map<String, Exchange> WATCHED = new ConcurrentHashMap<>();
    private static final Object LOCK = new Object();
    private static @Nullable Thread thread;

    /** Ends a watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private AcceptWatch() {}

    static Watch on(Socket socket, Exchange exchange) {
        var key = "%04X:%04X".formatted(socket.getLocalPort(), socket.getPort());
        synchronized (LOCK) {
            WATCHED.put(key, exchange);
            if (thread == null) {
                thread = Thread.ofPlatform()
                        .daemon()
                        .name("fake-provider-accept-watch")
                        .start(AcceptWatch::watch);
            }
        }
        return () -> WATCHED.remove(key);
    }

    private static void watch() {
        while (true) {
            synchronized (LOCK) {
                if (WATCHED.isEmpty()) {
                    thread = null;
                    return;
                }
            }
            try {
                var seen = Set.copyOf(WATCHED.keySet());
                var open = established();
                var now = System.nanoTime();
                for (var key : seen) {
                    var exchange = WATCHED.get(key);
                    if (open != null && exchange != null && !open.contains(key)) {
                        exchange.clientClosed(now);
                    }
                }
                Thread.sleep(INTERVAL_MILLIS);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("can't watch connections", e);
            }
        }
    }

    /** The ports of established connections, local before remote; null where the kernel has no such table. */
    private static @Nullable Set<String> established() throws IOException {
        var open = new HashSet<String>();
        for (var table : TABLES) {
            try {
                for (var line : Files.readAllLines(table)) {
                    var fields = line.strip().split("\\s+");
                    if (fields.length > 3 && fields[3].equals(ESTABLISHED)) {
                        open.add(port(fields[1]) + ":" + port(fields[2]));
                    }
                }
            } catch (NoSuchFileException e) {
                if (table.equals(TABLES.getFirst())) {
                    return null;
                }
            }
        }
        return open;
    }

    private static String port(String address) {
        return address.substring(address.indexOf(':') + 1);
    }
}
