package dev.rein.bench.os;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** The floor: what comes from the provider goes to the client, by Javalin and {@code java.net.http} and nothing else. */
final class BareServer {
    private static final String BODY =
            "{\"model\":\"bare\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story.\"}],\"stream\":true}";

    private static final byte[] STARTED = ": started\n\n".getBytes(StandardCharsets.UTF_8);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;

    private BareServer(String provider) {
        request = HttpRequest.newBuilder(URI.create(provider + "/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(BODY))
                .build();
    }

    /** @return where it listens */
    static String start(String provider) {
        var server = new BareServer(provider);
        var javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.concurrency.useVirtualThreads = true;
            config.jetty.host = "localhost";
            config.jetty.port = 0;
            config.routes.post("/runs", server::copy);
        });
        return "http://localhost:" + javalin.start().port();
    }

    private void copy(Context context) throws IOException, InterruptedException {
        var out = context.res().getOutputStream();
        context.res().setContentType("text/event-stream");
        // Something has been written, as to a client of AgentOS, which hears at once that its run has started.
        out.write(STARTED);
        out.flush();
        try (var body = http.send(request, BodyHandlers.ofInputStream()).body()) {
            var buffer = new byte[2_048];
            for (var read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        }
    }
}
