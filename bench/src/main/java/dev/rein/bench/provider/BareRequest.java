package dev.rein.bench.provider;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** The floor of a stop: one streamed request on {@code java.net.http}, and the shortest way to end it. */
public final class BareRequest {
    private static final String BODY =
            "{\"model\":\"bare\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story.\"}],\"stream\":true}";

    private final CompletableFuture<HttpResponse<InputStream>> answer;
    private final AtomicLong bytes = new AtomicLong();

    private BareRequest(CompletableFuture<HttpResponse<InputStream>> answer) {
        this.answer = answer;
    }

    public static BareRequest send(HttpClient client, URI baseUrl) {
        var request = HttpRequest.newBuilder(URI.create(baseUrl + "/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(BODY))
                .build();
        return new BareRequest(client.sendAsync(request, BodyHandlers.ofInputStream()));
    }

    /** How many bytes of the body the reader has. */
    public long bytes() {
        return bytes.get();
    }

    /** Reads until the end, which is the stop. */
    public void read() throws InterruptedException {
        var buffer = new byte[1024];
        try (var body = answer.get().body()) {
            for (var read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                bytes.addAndGet(read);
            }
        } catch (CancellationException | ExecutionException | IOException e) {
            // The stop.
        }
    }

    /** Ends it, from any thread. */
    public void stop() {
        if (answer.cancel(true)) {
            return;
        }
        try {
            answer.join().body().close();
        } catch (IOException e) {
            throw new IllegalStateException("closing the body failed", e);
        }
    }
}
