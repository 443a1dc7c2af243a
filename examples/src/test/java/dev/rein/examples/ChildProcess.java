package dev.rein.examples;

import static org.awaitility.Awaitility.await;

import dev.rein.testkit.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An example that runs as a process of its own. What it prints is read while it runs. */
final class ChildProcess implements AutoCloseable {
    /** How long it may take on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * An example that has ended.
     *
     * @param exitCode its exit code
     * @param output what it printed to standard output
     * @param errors what it printed to standard error
     */
    record Ended(int exitCode, String output, String errors) {}

    private final Class<?> example;
    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final StringBuffer errors = new StringBuffer();
    private final List<Thread> readers;

    private ChildProcess(Class<?> example, Process process) {
        this.example = example;
        this.process = process;
        this.readers = List.of(
                Thread.ofVirtual().start(() -> read(process.getInputStream(), output)),
                Thread.ofVirtual().start(() -> read(process.getErrorStream(), errors)));
    }

    private static void read(InputStream from, StringBuffer into) {
        try (var reader = new InputStreamReader(from, StandardCharsets.UTF_8)) {
            var characters = new char[1024];
            for (var count = reader.read(characters); count >= 0; count = reader.read(characters)) {
                into.append(characters, 0, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs an example against {@code provider} and waits for its end. */
    static Ended run(FakeProvider provider, Class<?> example, String... args) throws IOException, InterruptedException {
        try (var child = start(provider, example, args)) {
            return child.end();
        }
    }

    /** Starts an example against {@code provider}. */
    static ChildProcess start(FakeProvider provider, Class<?> example, String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-classpath",
                System.getProperty("java.class.path"),
                example.getName()));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command);
        builder.environment().put("OPENAI_BASE_URL", provider.baseUrl());
        builder.environment().put("OPENAI_API_KEY", "test-key");
        builder.environment().put("OLLAMA_HOST", provider.url());
        builder.environment().put("GOOGLE_GEMINI_BASE_URL", provider.url());
        builder.environment().put("GOOGLE_API_KEY", "test-key");
        var process = builder.start();
        process.getOutputStream().close();
        return new ChildProcess(example, process);
    }

    /** Waits until it has printed {@code text}. */
    void awaitOutput(String text) {
        await().atMost(PATIENCE).until(output::toString, printed -> printed.contains(text));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    Ended end() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(example + " did not end; so far it printed: " + output + errors);
        }
        for (var reader : readers) {
            reader.join();
        }
        return new Ended(process.exitValue(), output.toString(), errors.toString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
