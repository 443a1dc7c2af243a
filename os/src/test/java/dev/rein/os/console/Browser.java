package dev.rein.os.console;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Chromium without a window, controlled over its DevTools protocol. One for all tests of the process. It is the one of the system
 * property {@code rein.browser} or of the environment variable REIN_BROWSER, or has one of the usual names on the PATH.
 */
final class Browser {
    private static final List<String> NAMES = List.of(
            "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell");

    private static final JsonMapper JSON = new JsonMapper();
    private static final int SECONDS = 60;

    /** The browser of this process, or why there is none. */
    private record Found(@Nullable Browser browser, String problem) {
        private static final Found SHARED = find();

        private static Found find() {
            var path = path();
            Found found;
            try {
                found = path.isPresent()
                        ? new Found(new Browser(path.get()), "")
                        : new Found(
                                null,
                                "The tests of the console need Chromium: install it, or name it with -Drein.browser=PATH or"
                                        + " REIN_BROWSER");
            } catch (IllegalStateException e) {
                found = new Found(null, e.getMessage() + ": " + e.getCause());
            }
            if (found.browser == null) {
                System.out.println("Skipped: " + found.problem);
            }
            return found;
        }
    }

    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> listeners = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private CompletableFuture<WebSocket> lastSend;

    /** Returns the browser; skips the test if there is none that starts, unless {@code rein.browser.required} is true. */
    static Browser get() {
        var found = Found.SHARED;
        if (found.browser == null) {
            if (Boolean.getBoolean("rein.browser.required")) {
                fail(found.problem);
            }
            abort(found.problem);
        }
        return found.browser;
    }

    private static Optional<Path> path() {
        for (var named : new String[] {System.getProperty("rein.browser"), System.getenv("REIN_BROWSER")}) {
            if (named != null && !named.isEmpty()) {
                return Optional.of(Path.of(named));
            }
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Browser(Path path) {
        try {
            var profile = Files.createTempDirectory("rein-browser");
            var command = new ArrayList<>(List.of(
                    path.toString(),
                    "--headless=new",
                    "--remote-debugging-port=0",
                    "--user-data-dir=" + profile,
                    "--no-first-run",
                    "--no-default-browser-check",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-extensions",
                    "--disable-gpu",
                    "--hide-scrollbars",
                    "--force-color-profile=srgb"));
            if (System.getProperty("user.name").equals("root")) {
                // Chromium refuses to run with a sandbox as root.
                command.add("--no-sandbox");
            }
            command.add("about:blank");
            var process = new ProcessBuilder(command).start();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(process, profile)));
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(endpoint(process), new Listener())
                    .get(SECONDS, TimeUnit.SECONDS);
            lastSend = CompletableFuture.completedFuture(socket);
        } catch (Exception e) {
            throw new IllegalStateException("the browser " + path + " did not start", e);
        }
    }

    private static void end(Process process, Path profile) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(SECONDS, TimeUnit.SECONDS);
            try (var files = Files.walk(profile)) {
                files.sorted((a, b) -> b.compareTo(a))
                        .forEach(file -> file.toFile().delete());
            }
        } catch (IOException e) {
            // A temporary folder stays behind.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static URI endpoint(Process process) throws IOException {
        var lines = new StringBuilder();
        var errors = new BufferedReader(process.errorReader());
        for (var line = errors.readLine(); line != null; line = errors.readLine()) {
            lines.append(line).append('\n');
            var at = line.indexOf("ws://");
            if (line.contains("DevTools listening on") && at >= 0) {
                // It must not block when it writes more.
                Thread.ofVirtual().start(() -> errors.lines().forEach(_ -> {}));
                return URI.create(line.substring(at).strip());
            }
        }
        throw new IOException(lines.toString());
    }

    /** @param listener receives the events of the session */
    void listen(String session, Consumer<JsonNode> listener) {
        listeners.put(session, listener);
    }

    void forget(String session) {
        listeners.remove(session);
    }

    /** Calls a method of the protocol and waits for its result. */
    JsonNode call(String session, String method, ObjectNode params) {
        var id = ids.incrementAndGet();
        var message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", params);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        var answer = new CompletableFuture<JsonNode>();
        answers.put(id, answer);
        synchronized (this) {
            // One after the other, as a WebSocket requires.
            lastSend = lastSend.thenCompose(each -> each.sendText(message.toString(), true));
        }
        try {
            var result = answer.get(SECONDS, TimeUnit.SECONDS);
            if (result.has("error")) {
                throw new IllegalStateException(method + ": " + result.get("error"));
            }
            return result.path("result");
        } catch (IllegalStateException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(method + " was not answered", e);
        }
    }

    static ObjectNode params() {
        return JSON.createObjectNode();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    received(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } finally {
                    text.setLength(0);
                }
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void received(JsonNode message) {
            if (message.has("id")) {
                var answer = answers.remove(message.path("id").asInt());
                if (answer != null) {
                    answer.complete(message);
                }
                return;
            }
            var listener = listeners.get(message.path("sessionId").asText());
            if (listener != null) {
                listener.accept(message);
            }
        }
    }
}
