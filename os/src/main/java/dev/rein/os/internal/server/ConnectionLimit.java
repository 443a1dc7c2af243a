package dev.rein.os.internal.server;

import dev.rein.os.ServerLimits;
import dev.rein.os.internal.auth.Cors;
import dev.rein.os.internal.route.Client;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.wire.WireJson;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of open connections, and what clients may do with them before they have shown a key. A reserve of
 * further connections is accepted to answer their requests with 503; they are closed soon after. A connection beyond the
 * limit is admitted when it sends a request after others have closed. Thread-safe.
 */
final class ConnectionLimit extends Handler.Wrapper {
    /**
     * Connections accepted beyond the limit in order to refuse them. Further ones stay in the backlog, for a few
     * seconds at most.
     */
    private static final int RESERVE = 1_000;

    private static final int BEYOND_SECONDS = 2;
    private static final long MAX_SWEEP_MILLIS = 1_000;

    /** A fifth of the time-outs is precise enough for them. */
    private static final int SWEEPS_PER_TIMEOUT = 5;

    private final ServerLimits limits;
    private final Cors cors;
    private final Map<EndPoint, TrackedClient> clients = new ConcurrentHashMap<>();
    private final Object lock = new Object();

    /** The admitted connections. Guarded by {@link #lock}. */
    private int admitted;

    /** The admitted connections that have not authenticated. Guarded by {@link #lock}. */
    private int unauthenticated;

    /** The same by address. Guarded by {@link #lock}. */
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();

    /** @param next handles the requests of admitted connections */
    ConnectionLimit(ServerLimits limits, Cors cors, Handler next) {
        super(next);
        this.limits = limits;
        this.cors = cors;
    }

    /** A connection and its place among the admitted ones. */
    private final class TrackedClient implements Client {
        final ClientEndPoint endPoint;
        final SlowClient slow;

        /** Whether it has one of the places of the limit. Guarded by the lock. */
        boolean isAdmitted;

        /** Whether it has authenticated. Guarded by the lock. */
        boolean isKnown;

        /** Whether it may not stay unless it authenticates. */
        volatile boolean isBrief;

        /** The response that will close it unless its request authenticates; null for none. */
        volatile HttpFields.@Nullable Mutable closing;

        TrackedClient(ClientEndPoint endPoint) {
            this.endPoint = endPoint;
            this.slow = new SlowClient(endPoint, limits);
        }

        @Override
        public void authenticated() {
            synchronized (lock) {
                if (!isKnown) {
                    if (isAdmitted) {
                        forget(endPoint.address());
                    }
                    isKnown = true;
                    isBrief = false;
                }
            }
            var response = closing;
            if (response != null) {
                closing = null;
                response.remove(HttpHeader.CONNECTION);
            }
        }

        @Override
        public void disconnect() {
            endPoint.close();
        }

        boolean isAdmitted() {
            synchronized (lock) {
                return isAdmitted;
            }
        }
    }

    private static final class Factory extends HttpConnectionFactory {
        Factory(HttpConfiguration http) {
            super(http);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return configure(new ClientConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
        }
    }

    /** Creates a connector of {@code server} whose connections are counted. */
    ServerConnector connector(Server server, HttpConfiguration http) {
        var connector = new ServerConnector(server, new Factory(http)) {
            @Override
            protected SocketChannelEndPoint newEndPoint(
                    SocketChannel channel, ManagedSelector selector, SelectionKey key) {
                var client = new ClientEndPoint(channel, selector, key, getScheduler());
                client.setIdleTimeout(getIdleTimeout());
                return client;
            }

            @Override
            protected void onEndPointOpened(EndPoint client) {
                super.onEndPointOpened(client);
                opened(this, (ClientEndPoint) client);
            }

            @Override
            protected void onEndPointClosed(EndPoint client) {
                super.onEndPointClosed(client);
                closed(client);
            }

            @Override
            protected void doStart() throws Exception {
                super.doStart();
                sweepLater(this);
            }
        };
        server.addBean(new NetworkConnectionLimit(
                Math.clamp((long) limits.connections() + RESERVE, 1, Integer.MAX_VALUE), connector));
        return connector;
    }

    private void opened(ServerConnector connector, ClientEndPoint endPoint) {
        var client = new TrackedClient(endPoint);
        clients.put(endPoint, client);
        if (!admit(client) || client.isBrief) {
            connector.getScheduler().schedule(() -> closeIfBeyond(client), BEYOND_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void closed(EndPoint endPoint) {
        var client = clients.remove(endPoint);
        if (client == null) {
            return;
        }
        synchronized (lock) {
            if (client.isAdmitted) {
                client.isAdmitted = false;
                admitted--;
                if (!client.isKnown) {
                    forget(client.endPoint.address());
                }
            }
        }
    }

    /** Gives the client a place, if one is free and it has none yet. */
    private boolean admit(TrackedClient client) {
        synchronized (lock) {
            if (client.isAdmitted) {
                return true;
            }
            if (admitted >= limits.connections() || !clients.containsKey(client.endPoint)) {
                return false;
            }
            client.isAdmitted = true;
            admitted++;
            if (!client.isKnown) {
                unauthenticated++;
                var ofAddress = byAddress.merge(client.endPoint.address(), 1, Integer::sum);
                client.isBrief = unauthenticated > limits.unauthenticatedConnections()
                        || ofAddress > limits.unauthenticatedConnectionsPerAddress();
            }
            return true;
        }
    }

    /** Counts an unauthenticated connection less. */
    private void forget(InetAddress address) {
        unauthenticated--;
        byAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    private void closeIfBeyond(TrackedClient client) {
        if (!client.isAdmitted() || client.isBrief) {
            client.endPoint.close();
        }
    }

    // ---- slow clients

    private void sweepLater(ServerConnector connector) {
        var millis = Math.clamp(limits.headTimeout().toMillis() / SWEEPS_PER_TIMEOUT, 1, MAX_SWEEP_MILLIS);
        connector.getScheduler().schedule(() -> sweep(connector), millis, TimeUnit.MILLISECONDS);
    }

    private void sweep(ServerConnector connector) {
        if (!connector.isRunning()) {
            return;
        }
        var now = System.nanoTime();
        clients.values().forEach(client -> client.slow.check(now));
        sweepLater(connector);
    }

    // ---- requests

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var client = clients.get(request.getConnectionMetaData().getConnection().getEndPoint());
        if (client != null && admit(client)) {
            request.setAttribute(Client.ATTRIBUTE, client);
            if (client.isBrief) {
                client.closing = response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            }
            return super.handle(request, response, callback);
        }
        var body = WireJson.object()
                .put(
                        "detail",
                        limits.connections() + " connections are open, which is the limit of this server: try again"
                                + " soon");
        var headers = request.getHeaders();
        cors.allow(headers.get(HttpHeader.HOST), headers.get(HttpHeader.ORIGIN), response.getHeaders()::put);
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, "application/json")
                .put(HttpHeader.RETRY_AFTER, Problem.RETRY_AFTER)
                .put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        response.write(true, ByteBuffer.wrap(WireJson.bytes(body)), callback);
        return true;
    }

    /** Number of admitted connections that have not authenticated. */
    int unauthenticated() {
        synchronized (lock) {
            return unauthenticated;
        }
    }
}
