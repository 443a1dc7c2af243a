package dev.rein.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process started by a test, whose output goes to files. Ends with the test. */
final class Child implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 45;

    private final Process process;
    private final Path out;
    private final Path err;

    private Child(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts a process.
     *
     * @param scratch a folder of the test's, where the output goes
     * @param environment put over that of this process; an empty value removes a variable
     */
    static Child start(Path scratch, Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        var out = Files.createTempFile(scratch, "out", ".txt");
        var err = Files.createTempFile(scratch, "err", ".txt");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        var process = builder.start();
        process.getOutputStream().close();
        return new Child(process, out, err);
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the end. @throws AssertionError if it does not come */
    Child await() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the process did not end; so far it printed: " + out() + err());
        }
        return this;
    }

    int exitCode() {
        return process.exitValue();
    }

    String out() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    String err() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
