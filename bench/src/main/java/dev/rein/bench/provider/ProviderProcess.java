package dev.rein.bench.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.testkit.FakeProviderMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * The fake provider in a process of its own, so that it shares no heap, collector or compiler with what is measured. Its
 * times compare with {@link System#nanoTime} of this process on Linux only.
 */
public final class ProviderProcess implements AutoCloseable {
    private static final String READY = "listening on ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * What the provider knows of one request.
     *
     * @param closedAtNanos when it saw the client close
     * @param tokensAtNanos when it wrote its last tokens
     */
    public record Seen(long closedAtNanos, List<Long> tokensAtNanos) {
        public long tokensAfter(long nanoTime) {
            return tokensAtNanos.stream().filter(at -> at - nanoTime > 0).count();
        }
    }

    private final Process process;
    private final Thread killer;
    private final URI baseUrl;
    private final HttpClient control =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ProviderProcess(Process process, URI baseUrl) {
        this.process = process;
        this.baseUrl = baseUrl;
        this.killer = new Thread(process::destroyForcibly, "bench-provider-killer");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts one with the same JDK and class path as this process. */
    public static ProviderProcess start() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-XX:+UseG1GC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeProviderMain.class.getName())
                .redirectErrorStream(true)
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var said = new ArrayList<String>();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                // Nobody reads on: what else it says is little, and would not fill the pipe.
                return new ProviderProcess(process, URI.create(line.substring(READY.length())));
            }
            said.add(line);
        }
        process.destroyForcibly();
        throw new IOException("the provider's process ended before it listened: " + String.join("\n", said));
    }

    /** The address for clients. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** Forgets all requests, and answers the next ones by this script. */
    public void script(String json) throws IOException, InterruptedException {
        call("POST", "/reset", "");
        call("POST", "/script", json);
    }

    /** Answers one of the next requests by this script, in turn; then it is the other one's turn again. */
    public void scriptNext(String json) throws IOException, InterruptedException {
        call("POST", "/script/next", json);
    }

    /** Lets all requests that hang go on to their end. */
    public void release() throws IOException, InterruptedException {
        call("POST", "/release", "");
    }

    /** Waits until this many requests hang at the point that their script names. */
    public void awaitHanging(int count) throws IOException, InterruptedException {
        await(count + " requests to hang", counts -> counts.path("hanging").asInt(), count);
    }

    /** Waits until the provider has seen this many requests closed by their client. @return when the last one was */
    public long awaitClosed(int count) throws IOException, InterruptedException {
        await(
                count + " requests to be closed",
                counts -> counts.path("CLIENT_CLOSED").asInt(),
                count);
        return counts().path("lastClosedAtNanos").asLong();
    }

    /** All requests since the last script that their client has closed, in the order of their arrival. */
    public List<Seen> closed(int count) throws IOException, InterruptedException {
        awaitClosed(count);
        var seen = new ArrayList<Seen>();
        for (var exchange : call("GET", "/exchanges?tokenTimes=true", "").path("exchanges")) {
            if (!exchange.has("closedAtNanos")) {
                continue;
            }
            var tokens = new ArrayList<Long>();
            exchange.path("lastTokensAtNanos").forEach(at -> tokens.add(at.asLong()));
            seen.add(new Seen(exchange.path("closedAtNanos").asLong(), tokens));
        }
        if (seen.size() != count) {
            throw new IllegalStateException("the provider saw " + seen.size() + " requests instead of " + count);
        }
        return seen;
    }

    private void await(String what, ToIntFunction<JsonNode> figure, int count)
            throws IOException, InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var counts = counts();
            if (figure.applyAsInt(counts) >= count) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("waited in vain for " + what + ": " + counts);
            }
            Thread.sleep(1);
        }
    }

    private JsonNode counts() throws IOException, InterruptedException {
        return call("GET", "/counts", "");
    }

    private JsonNode call(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(baseUrl.resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        var response = control.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(
                    method + " " + path + " got " + response.statusCode() + ": " + response.body());
        }
        return Objects.requireNonNull(MAPPER.readTree(response.body()));
    }

    @Override
    public void close() {
        control.shutdownNow();
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook does what is left to do.
        }
    }
}
