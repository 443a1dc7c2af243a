package dev.rein.os.internal.route;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** The client at the other end of a connection. Thread-safe. */
public interface Client {
    /** The request attribute with the client. */
    String ATTRIBUTE = "rein.client";

    /** Notes that the client has shown a valid key or token, or needs none: its connection may stay. */
    void authenticated();

    /** Closes the connection, without the end of the response in progress. */
    void disconnect();

    /** The client of a request, set by the server for each of them. */
    static Client of(Context http) {
        @Nullable Client client = http.attribute(ATTRIBUTE);
        if (client == null) {
            throw new IllegalStateException("the request " + http.path() + " has no client");
        }
        return client;
    }
}
