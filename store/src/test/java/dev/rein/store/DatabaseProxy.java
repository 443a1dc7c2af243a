package dev.rein.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a store and the real PostgreSQL, and can go down and come up again. */
final class DatabaseProxy implements AutoCloseable {
    private final String url;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket server;

    DatabaseProxy(String url) throws IOException {
        this.url = url;
        var uri = URI.create(url.substring("jdbc:".length()));
        target = new InetSocketAddress(uri.getHost(), uri.getPort());
        server = listen(0);
    }

    /** The URL of the database behind this. */
    String url() {
        return url.replace(target.getHostString() + ":" + target.getPort(), "127.0.0.1:" + server.getLocalPort());
    }

    private ServerSocket listen(int port) throws IOException {
        var listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        Thread.ofVirtual().start(() -> accept(listening));
        return listening;
    }

    private void accept(ServerSocket listening) {
        while (true) {
            try {
                var client = listening.accept();
                var database = new Socket(target.getAddress(), target.getPort());
                sockets.add(client);
                sockets.add(database);
                if (listening.isClosed()) {
                    end(client);
                    end(database);
                }
                Thread.ofVirtual().start(() -> copy(client, database));
                Thread.ofVirtual().start(() -> copy(database, client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // It is down.
        }
        end(from);
        end(to);
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    /** Refuses connections from now on, and ends those that there are. */
    void down() throws IOException {
        server.close();
        sockets.forEach(this::end);
    }

    void up() throws IOException {
        server = listen(server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        down();
    }
}
