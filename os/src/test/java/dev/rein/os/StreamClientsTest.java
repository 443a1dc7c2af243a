package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rein.agent.Agent;
import dev.rein.model.ModelResponse;
import dev.rein.testkit.ScriptedModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that clients are built on see each event of a slow stream at once. The model says a word only when the program has reported
 * the one before, so that an event that is held back shows. {@link WholeChunksTest} has a strict reader of chunks.
 */
@Timeout(180)
class StreamClientsTest {
    private static final int WORDS = 20;

    /** Ten times the 50 ms that a stream may take. An event that is held back comes with the next keep-alive, after a second. */
    private static final long MOST_MILLIS = 500;

    private static final String EVENT = "event: RunContent";

    private static final String REQUESTS = """
            import sys, requests
            with requests.post(sys.argv[1], data={'message': 'hi'}, stream=True) as response:
                for line in response.iter_lines():
                    print(line.decode(), flush=True)
            """;
    private static final String HTTPX = """
            import sys, httpx
            with httpx.stream('POST', sys.argv[1], data={'message': 'hi'}, timeout=60) as response:
                for line in response.iter_lines():
                    print(line, flush=True)
            """;
    private static final String NODE = """
            const response = await fetch(process.argv[2], {method: 'POST', body: new URLSearchParams({message: 'hi'})});
            for await (const chunk of response.body) process.stdout.write(chunk);
            """;
    private static final String PAGE = """
            <!doctype html><script>
            (async () => {
              const response = await fetch('%s', {method: 'POST', body: new URLSearchParams({message: 'hi'})});
              const reader = response.body.getReader();
              const decoder = new TextDecoder();
              for (let next = await reader.read(); !next.done; next = await reader.read())
                fetch('/seen', {method: 'POST', body: decoder.decode(next.value, {stream: true})});
            })();
            </script>
            """;

    private final Semaphore next = new Semaphore(0);
    private final LinkedBlockingQueue<Long> sent = new LinkedBlockingQueue<>();
    private final List<Long> millis = new ArrayList<>();
    private final ScriptedModel model = ScriptedModel.create().answerWith((_, call) -> {
        for (var i = 0; i < WORDS; i++) {
            next.acquireUninterruptibly();
            sent.add(System.nanoTime());
            call.text("word" + i + " ");
        }
        return ModelResponse.of("");
    });
    private AgentOS os = serve();

    @TempDir
    private Path folder;

    private AgentOS serve(String... origins) {
        var builder = AgentOS.builder()
                .port(0)
                .agents(Agent.builder().name("Writer").model(model).build());
        return (origins.length == 0 ? builder : builder.corsOrigins(origins))
                .build()
                .start();
    }

    @AfterEach
    void close() {
        next.release(WORDS);
        os.close();
    }

    private String url() {
        return os.url() + "/agents/writer/runs";
    }

    /** The program has seen a word: the model may say the next. */
    private void seen() {
        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent.remove()));
        next.release();
    }

    private void assertSeenAtOnce() {
        assertThat(millis).hasSize(WORDS);
        var sorted = millis.stream().sorted().toList();
        // A busy machine may delay a few.
        assertThat(sorted.get(WORDS / 2)).as("%s ms", millis).isLessThan(MOST_MILLIS);
    }

    private void readLines(InputStream in) throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            next.release();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(EVENT)) {
                    seen();
                }
            }
        }
        assertSeenAtOnce();
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void readOutput(String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            readLines(process.getInputStream());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void curl() throws Exception {
        assumeTrue(runs("curl", "--version"), "curl is not installed");
        readOutput("curl", "-sN", url(), "-d", "message=hi");
    }

    @Test
    void requestsOfPython() throws Exception {
        assumeTrue(runs("python3", "-c", "import requests"), "Python's requests is not installed");
        readOutput("python3", file("client.py", REQUESTS), url());
    }

    @Test
    void httpxOfPython() throws Exception {
        assumeTrue(runs("python3", "-c", "import httpx"), "Python's httpx is not installed");
        readOutput("python3", file("client.py", HTTPX), url());
    }

    @Test
    void fetchOfNode() throws Exception {
        assumeTrue(runs("node", "-e", "fetch"), "Node.js is not installed, or has no fetch");
        readOutput("node", file("client.mjs", NODE), url());
    }

    @Test
    void theHttpClientOfJava() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(url()))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("message=hi"))
                    .build();
            readLines(client.send(request, BodyHandlers.ofInputStream()).body());
        }
    }

    // ---- a browser

    private static String browser() throws InterruptedException {
        var names = Stream.of(System.getProperty("rein.browser"), System.getenv("REIN_BROWSER"));
        var usual = Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
        for (var name : Stream.concat(names, usual).filter(each -> each != null).toList()) {
            if (runs(name, "--version")) {
                return name;
            }
        }
        return null;
    }

    @Test
    void fetchOfABrowser() throws Exception {
        var browser = browser();
        assumeTrue(browser != null, "no Chromium is installed: name one with -Drein.browser or REIN_BROWSER");
        var done = new CountDownLatch(WORDS);
        var page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var origin = "http://127.0.0.1:" + page.getAddress().getPort();
        os.close();
        os = serve(origin);
        page.createContext("/", exchange -> answer(exchange, done));
        page.start();
        var process = new ProcessBuilder(
                        browser,
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--user-data-dir=" + folder.resolve("browser"),
                        origin + "/")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            next.release();
            assertThat(done.await(120, TimeUnit.SECONDS))
                    .as("the browser has seen all")
                    .isTrue();
            assertSeenAtOnce();
        } finally {
            var below = process.descendants().toList();
            process.destroyForcibly().waitFor();
            below.forEach(ProcessHandle::destroyForcibly);
            for (var each : below) {
                each.onExit().join();
            }
            page.stop(0);
        }
    }

    private void answer(HttpExchange exchange, CountDownLatch done) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var isPage = exchange.getRequestURI().getPath().equals("/");
        var answer = isPage ? PAGE.formatted(url()).getBytes(StandardCharsets.UTF_8) : new byte[0];
        exchange.getResponseHeaders().add("Content-Type", "text/html");
        exchange.sendResponseHeaders(isPage ? 200 : 204, isPage ? answer.length : -1);
        exchange.getResponseBody().write(answer);
        exchange.close();
        Arrays.stream(body.split("\n")).filter(EVENT::equals).forEach(_ -> {
            seen();
            done.countDown();
        });
    }
}
