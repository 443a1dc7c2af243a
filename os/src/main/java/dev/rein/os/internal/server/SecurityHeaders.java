package dev.rein.os.internal.server;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Headers of every response, errors included: browsers must not guess content types, show responses in frames of other pages, or
 * send paths with ids to other sites.
 */
final class SecurityHeaders implements HttpConfiguration.Customizer {
    private static final HttpField[] FIELDS = {
        new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
        new PreEncodedHttpField("Content-Security-Policy", "frame-ancestors 'none'"),
        new PreEncodedHttpField("Referrer-Policy", "no-referrer")
    };

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        put(responseHeaders);
        return request;
    }

    static List<HttpField> fields() {
        return List.of(FIELDS);
    }

    static void put(HttpFields.Mutable headers) {
        for (var field : FIELDS) {
            headers.put(field);
        }
    }
}
