package dev.rein.os.internal.console;

import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Serves the console at {@code /console}: a page with its modules and its style. Nothing of it is secret, so it requires no
 * authentication; the page asks for the key or token and sends it to the routes that it calls. Immutable.
 */
public final class ConsoleRoutes {
    /**
     * Only files of this server are loaded and only this server is called. Pictures that people attach are shown from memory.
     */
    private static final String POLICY = "default-src 'self'; img-src 'self' blob: data:; object-src 'none';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final List<String> OWN = List.of(
            "console.css",
            "icon.svg",
            "api.js",
            "app.js",
            "approve.js",
            "chart.js",
            "events.js",
            "flow.js",
            "history.js",
            "live.js",
            "markdown.js",
            "run.js",
            "server.js",
            "timeline.js",
            "ui.js");

    /** Libraries, by the name under which the modules of the page import them. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "preact.js", "lib/preact.module.js", "hooks.js", "lib/hooks.module.js", "htm.js", "lib/htm.module.js");

    /** Read and compressed at the first request: most servers start for other clients. */
    private static final class Loaded {
        static final Asset PAGE = Asset.of("index.html");
        static final Map<String, Asset> FILES = files();

        private static Map<String, Asset> files() {
            var files = new HashMap<String, Asset>();
            OWN.forEach(name -> files.put(name, Asset.of(name)));
            // The hooks import Preact by its package name, which a page could resolve with an inline script only.
            LIBRARIES.forEach((name, path) ->
                    files.put(name, Asset.of(path, text -> text.replace("from\"preact\"", "from\"./preact.js\""))));
            return Map.copyOf(files);
        }
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/console", "System", "Get the console", this::page)
                        .openToAll()
                        .hidden(),
                Route.get("/console/{file}", "System", "Get a file of the console", this::file)
                        .openToAll()
                        .hidden());
    }

    private void page(HttpCall call) {
        if (call.http().path().endsWith("/")) {
            // The names of its files are relative to the page, which may be below a path of another server.
            call.http().status(308).header("Location", "../console");
            return;
        }
        Loaded.PAGE.send(call.http().header("Content-Security-Policy", POLICY));
    }

    private void file(HttpCall call) {
        var file = Loaded.FILES.get(call.path("file"));
        if (file == null) {
            throw Problem.notFound("Not Found");
        }
        file.send(call.http());
    }
}
