package dev.rein.cli.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that select the AgentOS of a command. */
final class ServerOptions {
    private static final String DEFAULT = "http://localhost:7777";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The URL of AgentOS. Default: REIN_URL, or http://localhost:7777. The security key is taken from"
                            + " REIN_KEY or OS_SECURITY_KEY.")
    private @Nullable String url;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    OsClient connect() {
        var key = variable("REIN_KEY");
        return new OsClient(uri(), key != null ? key : variable("OS_SECURITY_KEY"));
    }

    private URI uri() {
        var given = url != null ? url : variable("REIN_URL");
        var text = given == null ? DEFAULT : given.contains("://") ? given : "http://" + given;
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null && uri.getScheme().startsWith("http")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        throw new ParameterException(command.commandLine(), "the URL is " + text + ": use a form such as " + DEFAULT);
    }

    private static @Nullable String variable(String name) {
        var value = System.getenv(name);
        return value == null || value.isBlank() ? null : value;
    }
}
