package dev.rein.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A process started by a test, with its output in files. Ends with the test. */
public final class ReinProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path out;
    private final Path err;

    private ReinProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts the command in a separate process, without a real model. A signal ends it even if this JVM ignores that
     * signal, as in a build in the background or under nohup.
     *
     * @param environment put over that of this process; an empty value removes a variable
     */
    public static ReinProcess rein(Path scratch, Map<String, String> environment, String... args) throws IOException {
        return start(scratch, scratch, withoutAModel(environment), command(args));
    }

    /**
     * Starts the command with its standard output piped into another program, such as {@code head -1}, whose output is
     * captured. The last line of standard error is {@code exit CODE}.
     */
    public static ReinProcess reinInto(String reader, Path scratch, Map<String, String> environment, String... args)
            throws IOException {
        var command = new ArrayList<>(List.of("sh", "-c", "{ \"$@\"; echo exit $? >&2; } | " + reader, "sh"));
        command.addAll(command(args));
        return start(scratch, scratch, withoutAModel(environment), command);
    }

    /** Starts the command on a terminal of its own, to which both outputs go, and whose output is captured as standard output. */
    public static ReinProcess reinOnTerminal(Path scratch, Map<String, String> environment, String... args)
            throws IOException {
        var line = command(args).stream()
                .map(each -> "'" + each.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        return start(scratch, scratch, withoutAModel(environment), List.of("script", "-qec", line, "/dev/null"));
    }

    private static Map<String, String> withoutAModel(Map<String, String> environment) {
        var all = new HashMap<>(Map.of("OPENAI_API_KEY", "", "OPENAI_BASE_URL", "", "OS_SECURITY_KEY", ""));
        all.putAll(environment);
        return all;
    }

    private static List<String> command(String... args) {
        var command = new ArrayList<>(List.of(
                "perl",
                "-e",
                "@SIG{'INT', 'HUP', 'TERM'} = ('DEFAULT') x 3; exec @ARGV",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                Rein.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /**
     * Starts a process.
     *
     * @param scratch a folder of the test's, where the output goes
     * @param environment put over that of this process; an empty value removes a variable
     */
    public static ReinProcess start(Path scratch, Path directory, Map<String, String> environment, List<String> command)
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
        return new ReinProcess(process, out, err);
    }

    long pid() {
        return process.pid();
    }

    /** @param name the signal, such as INT */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor();
    }

    /** Waits until its standard output has this. @return all of that output */
    public String awaitOut(String part) {
        return Awaitility.await("output with \"" + part + "\"")
                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(this::out, text -> text.contains(part));
    }

    /** Waits for the end. @throws AssertionError if it does not come */
    public ReinProcess await() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the process did not end; so far it printed: " + out() + err());
        }
        return this;
    }

    public int exitCode() {
        return process.exitValue();
    }

    public String out() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    public String err() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
