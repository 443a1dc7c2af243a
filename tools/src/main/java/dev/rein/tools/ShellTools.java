package dev.rein.tools;

import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A tool that runs shell commands and leaves nothing behind: when the command ends, runs into its time-out or the run is
 * stopped, every process that it started is ended too, see {@link ProcessTree}. Needs {@code /bin/sh}. Thread-safe.
 *
 * <p>A command can do whatever the user of this JVM can. It sees a small environment ({@code PATH}, {@code HOME}, the
 * language and the like) and none of the JVM's other variables, which may hold keys; {@link Builder#environment} adds to it.
 */
public final class ShellTools {
    private static final List<String> PASSED_ON = List.of(
            "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "JAVA_HOME");

    private final @Nullable Path directory;
    private final Duration timeout;
    private final Duration longestTimeout;
    private final int outputLimit;
    private final Map<String, String> environment;
    private final Predicate<String> allowed;

    private ShellTools(Builder builder) {
        directory = builder.directory;
        timeout = builder.timeout;
        longestTimeout = builder.longestTimeout;
        outputLimit = builder.outputLimit;
        allowed = builder.allowed;
        environment = new HashMap<>();
        var own = System.getenv();
        PASSED_ON.stream().filter(own::containsKey).forEach(name -> environment.put(name, own.get(name)));
        // A program that believes it talks to a person would wait for one.
        environment.put("TERM", "dumb");
        environment.putAll(builder.environment);
    }

    /** The tool with its defaults: the JVM's working directory, 120 s, 64 KiB of output. */
    public ShellTools() {
        this(new Builder());
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Runs a command; see the class. */
    @Tool(
            name = "run_command",
            value =
                    "Runs a shell command with /bin/sh and returns its exit code and its output (stdout and stderr together)."
                            + " It has no terminal and no input. What it leaves running in the background is ended when it returns.")
    public String runCommand(
            @Param("The command line") String command,
            @Param("Seconds until it is ended; leave it out for the default") Optional<Integer> timeoutSeconds,
            RunContext context)
            throws IOException {
        if (command.isBlank()) {
            throw new ToolArgumentException("\"command\" is blank: give a command line");
        }
        if (!allowed.test(command)) {
            throw new ToolArgumentException("this command is not allowed here: " + command);
        }
        var time = timeoutSeconds.map(Duration::ofSeconds).orElse(timeout);
        if (time.isNegative() || time.isZero() || time.compareTo(longestTimeout) > 0) {
            throw new ToolArgumentException("\"timeoutSeconds\" is " + time.toSeconds()
                    + ": give a whole number from 1 to " + longestTimeout.toSeconds());
        }
        var builder = new ProcessBuilder();
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        return new ShellCommand(command, builder, time, outputLimit).run(context.cancellation());
    }

    /** Builds {@link ShellTools}. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path directory;
        private Duration timeout = Duration.ofMinutes(2);
        private Duration longestTimeout = Duration.ofMinutes(10);
        private int outputLimit = 64 * 1024;
        private Map<String, String> environment = Map.of();
        private Predicate<String> allowed = command -> true;

        private Builder() {}

        /** Where commands run; the JVM's working directory unless given. */
        public Builder directory(Path value) {
            if (!Files.isDirectory(value)) {
                throw new IllegalArgumentException("directory is " + value + ": give one that exists");
            }
            directory = value;
            return this;
        }

        /** How long a command may take when the model does not say; 120 s unless given. */
        public Builder timeout(Duration value) {
            timeout = requirePositive("timeout", value);
            return this;
        }

        /** The longest time that the model may ask for; 10 minutes unless given. */
        public Builder longestTimeout(Duration value) {
            longestTimeout = requirePositive("longestTimeout", value);
            return this;
        }

        /** How many bytes of output the model gets, from the beginning and the end; 65,536 unless given. */
        public Builder outputLimit(int bytes) {
            if (bytes < 2) {
                throw new IllegalArgumentException("outputLimit is " + bytes + ": give at least 2 bytes");
            }
            outputLimit = bytes;
            return this;
        }

        /** Variables that commands see, besides or instead of the few that they see anyway. */
        public Builder environment(Map<String, String> values) {
            environment = Map.copyOf(values);
            return this;
        }

        /**
         * Which command lines are run at all; all unless given. A shell has many ways to say a thing: allow what you know
         * rather than deny what you fear.
         */
        public Builder allowed(Predicate<String> commands) {
            allowed = commands;
            return this;
        }

        /** @throws IllegalStateException if the default time-out is longer than the longest */
        public ShellTools build() {
            if (timeout.compareTo(longestTimeout) > 0) {
                throw new IllegalStateException("timeout is " + timeout + ", longer than the longestTimeout "
                        + longestTimeout + ": raise that");
            }
            return new ShellTools(this);
        }

        private static Duration requirePositive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + " is " + value + ": it must be positive");
            }
            return value;
        }
    }
}
