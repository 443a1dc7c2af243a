package dev.rein.cli.client;

import dev.rein.cli.Durations;
import dev.rein.text.PlainText;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that select the AgentOS of a command. */
final class ServerOptions {
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final String DEFAULT = "http://localhost:7777";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The URL of AgentOS. Default: REIN_URL, or http://localhost:7777. The security key is taken from"
                            + " REIN_KEY or OS_SECURITY_KEY.")
    private @Nullable String url;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description =
                    "A PEM file with a certificate to trust, for a server whose certificate no known authority has"
                            + " signed. Default: REIN_CACERT.")
    private @Nullable Path certificates;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long to wait for a response, such as 500ms, 30s or 2m. Default: 30s.")
    private Duration timeout = Duration.ofSeconds(30);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    OsClient connect() {
        var key = variable("REIN_KEY");
        if (timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw usage("--timeout is " + Durations.format(timeout) + ": must be more than 0, and at most 1h");
        }
        var uri = uri();
        try {
            var file = certificates != null ? certificates : path(variable("REIN_CACERT"));
            return new OsClient(
                    uri,
                    key != null ? key : variable("OS_SECURITY_KEY"),
                    ProxySettings.of(uri, System.getenv()),
                    file == null ? null : Certificates.trusting(file),
                    timeout);
        } catch (IllegalArgumentException e) {
            throw usage(PlainText.message(e));
        }
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    /** Prints what the user should know about the connection, beside the output of the command. */
    Consumer<String> notes() {
        var err = command.commandLine().getErr();
        return note -> {
            err.println(PlainText.line(note));
            err.flush();
        };
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private URI uri() {
        var given = url != null ? url : variable("REIN_URL");
        var text = given == null ? DEFAULT : given.contains("://") ? given : "http://" + given;
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null
                    && Set.of("http", "https").contains(uri.getScheme())
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        throw usage("the URL is " + text + ": use a form such as " + DEFAULT + " or https://example.org/path");
    }

    private static @Nullable String variable(String name) {
        var value = System.getenv(name);
        return value == null || value.isBlank() ? null : value;
    }
}
