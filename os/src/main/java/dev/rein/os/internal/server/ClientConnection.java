package dev.rein.os.internal.server;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/** An HTTP connection whose requests can be timed while they arrive. */
final class ClientConnection extends HttpConnection {
    // Set while the superclass is being constructed and later: no initializers here, which would run in between.
    private volatile @Nullable String origin;
    private volatile @Nullable String host;

    ClientConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    @Override
    protected HttpGenerator newHttpGenerator() {
        return new ChunkGenerator();
    }

    /** Whether the write that follows must add the end of a chunk. */
    boolean takeChunkEnd() {
        return ((ChunkGenerator) getGenerator()).takeChunkEnd();
    }

    /** The part of a request that the connection is waiting for. */
    enum Part {
        /** The first byte of a further request. */
        NOTHING,
        HEAD,
        BODY,
        /** None: a request is being handled, or the connection is closing. */
        NONE
    }

    Part awaited() {
        var parser = getParser();
        var isWaiting = getEndPoint().isFillInterested();
        if (parser.isStart()) {
            // The time for the first head includes the silence before it.
            return getMessagesIn() == 0 ? Part.HEAD : Part.NOTHING;
        }
        if (parser.inHeaderState()) {
            return Part.HEAD;
        }
        return isWaiting && parser.inContentState() ? Part.BODY : Part.NONE;
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new RequestHandler() {
            @Override
            public void messageBegin() {
                origin = null;
                host = null;
                super.messageBegin();
            }

            @Override
            public void parsedHeader(HttpField field) {
                if (field.getHeader() == HttpHeader.ORIGIN) {
                    origin = field.getValue();
                } else if (field.getHeader() == HttpHeader.HOST) {
                    host = field.getValue();
                }
                super.parsedHeader(field);
            }
        };
    }

    /** The Origin of the request as far as it was read, also if it turned out to be invalid later. */
    @Nullable
    String origin() {
        return origin;
    }

    /** The Host of the request as far as it was read. */
    @Nullable
    String host() {
        return host;
    }
}
