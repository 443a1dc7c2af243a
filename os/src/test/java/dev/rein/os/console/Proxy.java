package dev.rein.os.console;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network between the browser and the server that can fail. */
final class Proxy implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean broken;

    /** @param target the port of the server */
    Proxy(int target) throws IOException {
        this.target = target;
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName("localhost"), 0));
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://localhost:" + server.getLocalPort();
    }

    /** Ends all connections and refuses others, until {@link #mend}. */
    void breakAll() {
        broken = true;
        open.forEach(Proxy::close);
    }

    /** Ends all connections; others may follow at once. */
    void cut() {
        open.forEach(Proxy::close);
    }

    void mend(int newTarget) {
        target = newTarget;
        broken = false;
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                if (broken) {
                    close(client);
                    continue;
                }
                Thread.ofVirtual().start(() -> connect(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void connect(Socket client) {
        open.add(client);
        try {
            var to = new Socket("localhost", target);
            open.add(to);
            if (broken) {
                close(client);
                close(to);
                return;
            }
            Thread.ofVirtual().start(() -> copy(client, to));
            Thread.ofVirtual().start(() -> copy(to, client));
        } catch (IOException e) {
            close(client);
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has gone.
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        breakAll();
    }
}
