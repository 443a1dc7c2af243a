package dev.rein.bench.os;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How long {@code ./rein serve} takes from its call to an answer of {@code /health}. */
final class StartServe implements Measurement {
    private static final double GOAL = 1_200;
    private static final double GOAL_MAX = 2_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int LOOK_MILLIS = 2;

    private final int count;

    StartServe(int count) {
        this.count = count;
    }

    @Override
    public String title() {
        return count + " starts of ./rein serve";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var script = script();
        if (script == null) {
            notes.accept("the start of a server was not measured: there is no ./rein here");
            return List.of();
        }
        var samples = new Samples();
        var first = Samples.of(start(script));
        for (var i = 0; i < count; i++) {
            samples.add(start(script));
        }
        return List.of(
                // Its files may come from the disk, and the command may have to be built.
                Row.of(OsGroup.NAME, "serve/first_start_to_health", "ms", first, null, Statistic.MAX, null),
                Row.of(OsGroup.NAME, "serve/start_to_health", "ms", samples, null, Statistic.P50, GOAL),
                Row.of(OsGroup.NAME, "serve/start_to_health", "ms", samples, null, Statistic.MAX, GOAL_MAX));
    }

    private static @Nullable Path script() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            var script = folder.resolve("rein");
            if (Files.isExecutable(script) && Files.isRegularFile(script)) {
                return script;
            }
        }
        return null;
    }

    private static double start(Path script) throws IOException, InterruptedException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var folder = Files.createTempDirectory("rein-bench");
        var builder = new ProcessBuilder(
                        script.toString(),
                        "serve",
                        "--port",
                        String.valueOf(port),
                        "--db",
                        folder.resolve("rein.db").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("OPENAI_API_KEY");
        builder.environment().remove("OPENAI_BASE_URL");
        var startedAt = System.nanoTime();
        var process = builder.start();
        try {
            while (!isHealthy(port)) {
                if (!process.isAlive() || System.nanoTime() - startedAt > PATIENCE_NANOS) {
                    throw new IllegalStateException("./rein serve did not come up on port " + port);
                }
                Thread.sleep(LOOK_MILLIS);
            }
            return (System.nanoTime() - startedAt) / 1e6;
        } finally {
            process.destroy();
            process.waitFor();
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static boolean isHealthy(int port) {
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }
}
