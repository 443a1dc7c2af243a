package dev.rein.cli.client;

import dev.rein.cli.Durations;
import dev.rein.cli.Errors;
import dev.rein.cli.Signals;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rein run}: starts a run in an AgentOS and streams its text; Ctrl-C cancels the run. */
@Command(
        name = "run",
        description = {
            "Runs an agent, a team or a workflow of a running AgentOS.",
            "Its text goes to standard output as it comes, headings to standard error. Ctrl-C cancels the run and waits"
                    + " for its end; a second Ctrl-C leaves."
        },
        exitCodeList = {"3:the run was cancelled", "4:the run waits for people to decide"},
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(
            index = "0",
            paramLabel = "agent|team|workflow",
            converter = ComponentType.Converter.class,
            description = "What runs.")
    @SuppressWarnings("NullAway.Init")
    private ComponentType kind;

    @Parameters(index = "1", paramLabel = "ID", description = "Its id, such as storytelling-team.")
    @SuppressWarnings("NullAway.Init")
    private String id;

    @Parameters(index = "2", paramLabel = "MESSAGE", description = "What to run on.")
    @SuppressWarnings("NullAway.Init")
    private String message;

    @Option(names = "--session", paramLabel = "ID", description = "The conversation. Default: a new one.")
    private @Nullable String session;

    @Option(names = "--user", paramLabel = "ID", description = "Whom it is for.")
    private @Nullable String user;

    @Option(names = "--background", description = "Prints the run's id and leaves; the run goes on.")
    private boolean background;

    @Option(names = "--json", description = "Prints the events as they come, one JSON object a line.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final AtomicLong interruptedAt = new AtomicLong();

    @Override
    public Integer call() throws InterruptedException {
        try (var client = server.connect()) {
            return background ? start(client) : follow(client);
        }
    }

    private FormBody form(@Nullable String sessionId) {
        return new FormBody()
                .with("message", message)
                .with("session_id", sessionId)
                .with("user_id", user);
    }

    private int start(OsClient client) throws InterruptedException {
        var answer = client.post(
                kind.path(id) + "/runs",
                form(session).with("background", "true").with("stream", "false"));
        var out = spec.commandLine().getOut();
        out.println(json ? answer.toString() : answer.path("run_id").asText());
        out.flush();
        return ExitCode.OK;
    }

    private int follow(OsClient client) throws InterruptedException {
        var line = spec.commandLine();
        var printer = new EventPrinter(
                line.getOut(), line.getErr(), line.getColorScheme().ansi(), json);
        // Ids chosen by the client, so that the run can be cancelled before its first event.
        var place = new RunFinder.Place(
                kind,
                id,
                UUID.randomUUID().toString(),
                session != null ? session : UUID.randomUUID().toString());
        var run = new RunFollower(kind, place.runId(), printer);
        try (var _ = Signals.on(() -> interrupted(client, place))) {
            RunFollower.End end;
            try (var frames = client.stream(
                    kind.path(id) + "/runs",
                    form(place.sessionId()).with("stream", "true").with("run_id", place.runId()))) {
                end = run.follow(frames);
            }
            tell(end, place, run.reason());
            return end.exitCode();
        }
    }

    private void tell(RunFollower.End end, RunFinder.Place place, @Nullable String reason) {
        var line = spec.commandLine();
        var why = reason == null ? "" : ": " + reason;
        switch (end) {
            case COMPLETED -> {}
            case CANCELLED -> {
                var at = interruptedAt.get();
                line.getErr()
                        .println("run " + place.runId() + " was cancelled"
                                + (at == 0
                                        ? why
                                        : "; it took " + Durations.format(Duration.ofNanos(System.nanoTime() - at))));
            }
            case FAILED -> Errors.print(line, "run " + place.runId() + " failed" + why);
            case PAUSED ->
                line.getErr()
                        .println("run " + place.runId() + " waits for people to decide: answer with POST "
                                + place.path() + "/continue, or end it with rein cancel " + place.runId());
            case OPEN ->
                Errors.print(
                        line,
                        "the events ended before run " + place.runId() + " did: look at it with rein ps, or rein tail");
        }
        line.getErr().flush();
    }

    private void interrupted(OsClient client, RunFinder.Place place) {
        if (!interruptedAt.compareAndSet(0, System.nanoTime())) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        try {
            client.post(
                    place.path() + "/cancel",
                    new FormBody().with("reason", "Ctrl-C").with("session_id", place.sessionId()));
        } catch (ClientException e) {
            // Unknown: the cancel arrived before the run, and the server keeps it for the run.
            if (e.status() != 404) {
                Errors.print(spec.commandLine(), "run " + place.runId() + " could not be cancelled: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
