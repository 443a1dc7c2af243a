package dev.rein.os.internal.system;

import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.wire.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Serves the OpenAPI document and its HTML page. */
public final class DocRoutes {
    private static final String NO_SCRIPTS =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final byte[] document;
    private final byte[] page;

    /** @param isOpen whether no authentication is required */
    public DocRoutes(ServerSettings settings, boolean isOpen, List<Route> routes) {
        var tree = new OpenApi(settings, isOpen).document(routes);
        document = WireJson.bytes(tree);
        page = DocsPage.of(tree).getBytes(StandardCharsets.UTF_8);
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/openapi.json", "System", "Get the OpenAPI document", this::document)
                        .openToAll()
                        .hidden(),
                Route.get("/docs", "System", "Get the API documentation as a page", this::page)
                        .openToAll()
                        .hidden(),
                Route.get("/redoc", "System", "Get the API documentation as a page", this::page)
                        .openToAll()
                        .hidden());
    }

    private void document(HttpCall call) {
        call.http().contentType("application/json").result(document);
    }

    private void page(HttpCall call) {
        call.http()
                .header("Content-Security-Policy", NO_SCRIPTS)
                .contentType("text/html; charset=utf-8")
                .result(page);
    }
}
