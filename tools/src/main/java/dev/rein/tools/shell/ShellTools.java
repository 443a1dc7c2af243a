package dev.rein.tools.shell;

import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tools.internal.process.ChildEnvironment;
import dev.rein.tools.internal.process.ProcessSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A tool that runs shell commands and leaves no processes behind: when the command ends or times out, or the run is stopped, all processes
 * that it started are ended too; see {@link ProcessTree}. Requires {@code /bin/sh}. Thread-safe.
 *
 * <p>Commands have all permissions of the user that runs this JVM. They see a few environment variables such as {@code PATH}, {@code HOME}
 * and the language, but not the JVM's other variables, which may contain keys; {@link Builder#environment} and {@link
 * Builder#inheritEnvironment} add variables. On Linux, before the first command, the JVM's variables are hidden in {@code /proc} and the
 * process is made not dumpable, so that a command cannot read them there, which requires the JVM's option {@code
 * --enable-native-access=ALL-UNNAMED}, or it prints a warning. Commands can still read what else this user may read: files with keys, and
 * the variables of other processes, such as the program that started the JVM. Run the JVM, or commands, as another user or in a container
 * where that matters.
 */
public final class ShellTools {
    private final @Nullable Path directory;
    private final Duration timeout;
    private final Duration maxTimeout;
    private final int outputLimit;
    private final Map<String, String> environment;
    private final Predicate<String> allowed;

    private ShellTools(Builder builder) {
        directory = builder.directory;
        timeout = builder.timeout;
        maxTimeout = builder.maxTimeout;
        outputLimit = builder.outputLimit;
        allowed = builder.allowed;
        environment = builder.environment.values();
        // Programs that assume an interactive terminal would wait for input.
        environment.putIfAbsent("TERM", "dumb");
    }

    /** The tool with the default settings: the JVM's working directory, a timeout of 120 s and 64 KiB of output. */
    public ShellTools() {
        this(new Builder());
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Runs a command; see the description of this class. */
    @Tool(
            name = "run_command",
            value = "Runs a shell command with /bin/sh and returns its exit code and its output (stdout and stderr"
                    + " combined). It has no terminal and no input. Its background processes are ended when it"
                    + " returns.")
    public String runCommand(
            @Param("The command line") String command,
            @Param("Timeout in seconds; omit for the default") Optional<Integer> timeoutSeconds,
            RunContext context)
            throws IOException {
        if (command.isBlank()) {
            throw new ToolArgumentException("\"command\" is blank: use a command line");
        }
        if (!allowed.test(command)) {
            throw new ToolArgumentException("this command is not allowed here: " + command);
        }
        var time = timeoutSeconds.map(Duration::ofSeconds).orElse(timeout);
        if (time.isNegative() || time.isZero() || time.compareTo(maxTimeout) > 0) {
            throw new ToolArgumentException("\"timeoutSeconds\" is " + time.toSeconds()
                    + ": use a whole number from 1 to " + maxTimeout.toSeconds());
        }
        ProcessSecrets.hide();
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
        private Duration maxTimeout = Duration.ofMinutes(10);
        private int outputLimit = 64 * 1024;
        private final ChildEnvironment environment = new ChildEnvironment();
        private Predicate<String> allowed = command -> true;

        private Builder() {}

        /** The working directory of commands. Default: that of the JVM. */
        public Builder directory(Path value) {
            if (!Files.isDirectory(value)) {
                throw new IllegalArgumentException("directory is " + value + ": it must exist and be a directory");
            }
            directory = value;
            return this;
        }

        /** The timeout of a command for which the model sets none. Default: 120 s. */
        public Builder timeout(Duration value) {
            timeout = requirePositive("timeout", value);
            return this;
        }

        /** The maximum timeout that the model may set. Default: 10 minutes. */
        public Builder maxTimeout(Duration value) {
            maxTimeout = requirePositive("maxTimeout", value);
            return this;
        }

        /** Maximum number of bytes of output that the model receives, taken from its beginning and end. Default: 65,536. */
        public Builder outputLimit(int bytes) {
            if (bytes < 2) {
                throw new IllegalArgumentException("outputLimit is " + bytes + ": it must be at least 2 bytes");
            }
            outputLimit = bytes;
            return this;
        }

        /** Environment variables to add to those that commands see by default, or to replace them. */
        public Builder environment(Map<String, String> values) {
            environment.set(values);
            return this;
        }

        /** Names of environment variables of this JVM that commands see too, if they are set. Default: none. */
        public Builder inheritEnvironment(String... names) {
            environment.inherit(names);
            return this;
        }

        /**
         * Decides which command lines may run. Default: all. A shell can express the same command in many ways, so accept known commands
         * rather than reject dangerous ones.
         */
        public Builder allowed(Predicate<String> commands) {
            allowed = commands;
            return this;
        }

        /** @throws IllegalStateException if the default timeout exceeds the maximum */
        public ShellTools build() {
            if (timeout.compareTo(maxTimeout) > 0) {
                throw new IllegalStateException("timeout is " + timeout + ", which exceeds the maxTimeout of "
                        + maxTimeout + ": reduce it, or increase maxTimeout");
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
