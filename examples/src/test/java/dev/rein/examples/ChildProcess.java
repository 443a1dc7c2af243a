package dev.rein.examples;

import dev.rein.testkit.FakeProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An example that ran as a process of its own.
 *
 * @param exitCode its exit code
 * @param output what it printed to standard output and standard error
 */
record ChildProcess(int exitCode, String output) {
    private static final int PATIENCE_SECONDS = 50;

    /** Runs an example against {@code provider} and waits for its end. */
    static ChildProcess run(FakeProvider provider, Class<?> example, String... args)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-classpath",
                System.getProperty("java.class.path"),
                example.getName()));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OPENAI_BASE_URL", provider.baseUrl());
        builder.environment().put("OPENAI_API_KEY", "test-key");
        var process = builder.start();
        try {
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(example + " did not end; so far it printed: " + output);
            }
            return new ChildProcess(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }
}
