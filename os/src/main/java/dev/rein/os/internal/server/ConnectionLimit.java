package dev.rein.os.internal.server;

import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.wire.WireJson;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * Limits the number of open connections. A reserve of further connections is accepted to answer their requests with
 * 503; they are closed soon after. A connection beyond the limit is admitted when it sends a request after others have
 * closed. Thread-safe.
 */
final class ConnectionLimit extends Handler.Wrapper {
    /**
     * Connections accepted beyond the limit in order to refuse them. Further ones stay in the backlog, for a few
     * seconds at most.
     */
    private static final int RESERVE = 1_000;

    private static final int BEYOND_SECONDS = 2;

    private final int limit;
    private final Semaphore permits;
    private final Set<EndPoint> beyond = ConcurrentHashMap.newKeySet();

    /** @param next handles the requests of admitted connections */
    ConnectionLimit(int limit, Handler next) {
        super(next);
        this.limit = limit;
        this.permits = new Semaphore(limit);
    }

    /** Creates a connector of {@code server} whose connections are counted. */
    ServerConnector connector(Server server, HttpConfiguration http) {
        var connector = new ServerConnector(server, new HttpConnectionFactory(http)) {
            @Override
            protected void onEndPointOpened(EndPoint client) {
                super.onEndPointOpened(client);
                if (!permits.tryAcquire()) {
                    beyond.add(client);
                    getScheduler().schedule(() -> closeIfBeyond(client), BEYOND_SECONDS, TimeUnit.SECONDS);
                }
            }

            @Override
            protected void onEndPointClosed(EndPoint client) {
                super.onEndPointClosed(client);
                if (!beyond.remove(client)) {
                    permits.release();
                }
            }
        };
        server.addBean(new NetworkConnectionLimit(Math.clamp((long) limit + RESERVE, 1, Integer.MAX_VALUE), connector));
        return connector;
    }

    private void closeIfBeyond(EndPoint client) {
        if (beyond.contains(client)) {
            client.close();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var client = request.getConnectionMetaData().getConnection().getEndPoint();
        if (isWithin(client)) {
            return super.handle(request, response, callback);
        }
        var body = WireJson.object()
                .put("detail", limit + " connections are open, which is the limit of this server: try again soon");
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, "application/json")
                .put(HttpHeader.RETRY_AFTER, Problem.RETRY_AFTER)
                .put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        response.write(true, ByteBuffer.wrap(WireJson.bytes(body)), callback);
        return true;
    }

    private boolean isWithin(EndPoint client) {
        if (!beyond.contains(client)) {
            return true;
        }
        if (!permits.tryAcquire()) {
            return false;
        }
        if (!beyond.remove(client)) {
            // The connection has closed meanwhile, without releasing a permit.
            permits.release();
        }
        return true;
    }
}
