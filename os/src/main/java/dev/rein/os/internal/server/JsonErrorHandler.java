package dev.rein.os.internal.server;

import dev.rein.os.internal.auth.Cors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers requests that reach no route, such as those with oversized headers or invalid HTTP. */
final class JsonErrorHandler extends ErrorHandler {
    private final Cors cors;

    JsonErrorHandler(Cors cors) {
        this.cors = cors;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        SecurityHeaders.put(response.getHeaders());
        if (request.getConnectionMetaData() instanceof ClientConnection connection) {
            // The request has no headers if its head is invalid or too long.
            cors.allow(connection.host(), connection.origin(), response.getHeaders()::put);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(body(response.getStatus())), callback);
        return true;
    }

    private static byte[] body(int status) {
        return ("{\"detail\":\"" + HttpStatus.getMessage(status) + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
