package dev.rein.cli.serve;

import dev.rein.agent.Agent;
import dev.rein.cli.Durations;
import dev.rein.cli.LoggingConfigurator;
import dev.rein.cli.ModelChoice;
import dev.rein.os.AgentOS;
import dev.rein.os.AgentOSBuilder;
import dev.rein.queue.DurableOptions;
import dev.rein.queue.RunQueue;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.text.PlainText;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rein serve}: AgentOS with demo components, until Ctrl-C. */
@Command(
        name = "serve",
        description = {
            "Starts AgentOS with demo components: agents, a team and a workflow.",
            "Set OS_SECURITY_KEY to require a security key. There is no option for it, because others could read it"
                    + " in the process list.",
            "Uses a built-in model unless OPENAI_API_KEY or OPENAI_BASE_URL is set."
        },
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {

    @Option(names = "--host", paramLabel = "HOST", description = "The address to listen on. Default: localhost.")
    private String host = "localhost";

    @Option(names = "--port", paramLabel = "PORT", description = "The port; 0 for any free port. Default: 7777.")
    private int port = 7777;

    @Mixin
    private final DatabaseOptions database = new DatabaseOptions();

    @Option(
            names = "--model",
            paramLabel = "ID",
            description = "The model's id; with anthropic:, gemini: or ollama: before it, one of that provider."
                    + " Default: REIN_MODEL, or gpt-4o-mini.")
    private @Nullable String model;

    @Option(
            names = "--offline-pace",
            paramLabel = "RATE",
            description = "Tokens per second of the built-in model. Default: 25.")
    private double offlinePace = 25;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long live runs may take to finish at shutdown, such as 500ms, 30s or 1m. Default: 30s.")
    private Duration drain = Duration.ofSeconds(30);

    @Option(
            names = "--on-disconnect",
            paramLabel = "POLICY",
            converter = DisconnectPolicies.class,
            description =
                    "What happens to a streamed run when its client disconnects: cancel, continue, or a delay such as"
                            + " 30s after which it is cancelled. Default: cancel.")
    private DisconnectPolicy onDisconnect = DisconnectPolicy.CANCEL;

    @Option(
            names = "--durable",
            description =
                    "Makes runs in the background durable: they are queued in the database, and survive the end of the"
                            + " process.")
    private boolean durable;

    @Option(names = "--insecure", description = "Allows a public --host without OS_SECURITY_KEY.")
    private boolean insecure;

    @Option(
            names = "--no-console",
            description =
                    "Does not serve the console, a page at /console to run, watch and stop; it is served on the local"
                            + " machine only.")
    private boolean noConsole;

    @Option(names = "--no-access-log", description = "Does not log requests to standard error.")
    private boolean noAccessLog;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var line = spec.commandLine();
        var choice = model();
        line.getOut().println(choice.note());
        line.getOut().flush();
        if (!host.equals("localhost")) {
            // Validates the settings first, so that a refused server leaves no database behind.
            build(choice, new InMemorySessionStore());
        }
        prepare(choice);
        if (!noAccessLog) {
            LoggingConfigurator.show("dev.rein.os.access");
        }
        try (var _ = telemetry();
                var store = database.open();
                var os = start(choice, store);
                var shutdown = new Shutdown(os, drain, line.getOut())) {
            new StartupBanner(
                            os.url(),
                            database.shown(),
                            access(),
                            drain,
                            os.consoleUrl().orElse("none"))
                    .print(line.getOut());
            shutdown.await();
        }
        return ExitCode.OK;
    }

    /** Null without telemetry. */
    private @Nullable ServerTelemetry telemetry() {
        if (!ServerTelemetry.isWanted(System.getenv())) {
            return null;
        }
        try {
            return ServerTelemetry.start(Runs.shared());
        } catch (RuntimeException e) {
            throw new ParameterException(
                    spec.commandLine(), "the variables OTEL_* can't be used: " + PlainText.message(e), e);
        }
    }

    private ModelChoice model() {
        try {
            return ModelChoice.of(model, null, offlinePace, System.getenv());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static String access() {
        var key = System.getenv("OS_SECURITY_KEY");
        return key == null || key.isEmpty()
                ? "open to everybody who can reach it; set OS_SECURITY_KEY to require a key"
                : "with the key in OS_SECURITY_KEY";
    }

    /** Builds a server that is never started, to load its classes while the database is opened. */
    private void prepare(ModelChoice choice) {
        Thread.ofPlatform().daemon().name("rein-serve-prepare").start(() -> {
            try {
                builder(choice, new InMemorySessionStore()).build();
            } catch (IllegalArgumentException e) {
                // The actual server fails in the same way and reports it.
            }
        });
    }

    private AgentOS start(ModelChoice choice, SessionStore store) {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port is " + port + ": must be 0 to 65535");
        }
        var os = build(choice, store);
        try {
            // The exception reports the failure; Javalin's log would repeat it.
            return LoggingConfigurator.without("io.javalin.Javalin", os::start);
        } catch (IllegalStateException e) {
            throw isInUse(e)
                    ? new IllegalStateException(
                            "port " + port + " of " + host
                                    + " is in use: stop the other program, or use another --port (0 for any)",
                            e)
                    : e;
        }
    }

    private AgentOS build(ModelChoice choice, SessionStore store) {
        try {
            return builder(choice, store).build();
        } catch (IllegalArgumentException e) {
            if (!String.valueOf(e.getMessage()).startsWith("host is")) {
                throw e;
            }
            throw new IllegalArgumentException(
                    "--host is " + host
                            + ", which other machines can reach, but there is no security key: set OS_SECURITY_KEY, or"
                            + " pass --insecure",
                    e);
        }
    }

    private AgentOSBuilder builder(ModelChoice choice, SessionStore store) {
        var served = DemoComponents.of(choice, store);
        var builder = AgentOS.builder()
                .id("rein-demo")
                .name("Rein Demo")
                .description("Agents that stop when you tell them to")
                .agents(served.agents().toArray(Agent[]::new))
                .teams(served.team())
                .workflows(served.workflow())
                .store(store)
                .host(host)
                .port(port)
                .insecure(insecure)
                .drain(drain)
                .onDisconnect(onDisconnect);
        if (durable && store instanceof RunQueue) {
            // A server that only loads classes or checks the settings has a store in memory.
            builder.durable(DurableOptions.defaults());
        }
        return noConsole ? builder.console(false) : builder;
    }

    private static boolean isInUse(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    && String.valueOf(cause.getMessage()).contains("in use")) {
                return true;
            }
        }
        return false;
    }
}
