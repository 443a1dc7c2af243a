package dev.rein.cli.client;

import dev.rein.cli.Durations;
import dev.rein.cli.Errors;
import dev.rein.cli.Signals;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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
            "Runs an agent, team or workflow of a running AgentOS.",
            "On a terminal, shows text, tool calls and what the run does now; elsewhere, writes the text to standard output and"
                    + " all else to standard error. Ctrl-C cancels the run and waits"
                    + " for it to end; a second Ctrl-C exits at once."
        },
        exitCodeList = {"3:the run was cancelled", "4:the run is paused and waits for a decision"},
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(
            index = "0",
            paramLabel = "agent|team|workflow",
            converter = ComponentType.Converter.class,
            description = "The type of component.")
    @SuppressWarnings("NullAway.Init")
    private ComponentType kind;

    @Parameters(index = "1", paramLabel = "ID", description = "The component's id, such as storytelling-team.")
    @SuppressWarnings("NullAway.Init")
    private String id;

    @Parameters(index = "2", paramLabel = "MESSAGE", description = "The input of the run.")
    @SuppressWarnings("NullAway.Init")
    private String message;

    @Option(names = "--session", paramLabel = "ID", description = "The session. Default: a new one.")
    private @Nullable String session;

    @Option(names = "--user", paramLabel = "ID", description = "The user.")
    private @Nullable String user;

    @Option(names = "--background", description = "Starts a background run, prints its id and exits.")
    private boolean background;

    @Option(names = "--json", description = "Prints the events as JSON, one per line.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final AtomicLong interruptedAt = new AtomicLong();
    private final AtomicReference<@Nullable Thread> lastWait = new AtomicReference<>();

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
        out.println(
                PlainText.line(json ? answer.toString() : answer.path("run_id").asText()));
        out.flush();
        return ExitCode.OK;
    }

    private int follow(OsClient client) throws InterruptedException {
        try (var printer = new EventPrinter(spec.commandLine(), json)) {
            return follow(client, printer);
        }
    }

    private int follow(OsClient client, EventPrinter printer) throws InterruptedException {
        // Ids chosen by the client, so that the run can be cancelled before its first event.
        var location = new RunFinder.Location(
                kind,
                id,
                UUID.randomUUID().toString(),
                session != null ? session : UUID.randomUUID().toString());
        var run = new RunFollower(kind, location.runId(), printer);
        try (var _ = Signals.on(() -> interrupted(client, location))) {
            RunFollower.End end;
            try (var frames = client.stream(
                    kind.path(id) + "/runs",
                    form(location.sessionId()).with("stream", "true").with("run_id", location.runId()),
                    server.notes())) {
                end = run.follow(frames);
            } catch (ClientException e) {
                if (e.status() > 0) {
                    throw e;
                }
                throw new ClientException(
                        0, e.getMessage() + "; if run " + location.runId() + " is live, rein tail follows it", e);
            }
            printer.close();
            report(end, location, run.reason());
            return end.exitCode();
        } finally {
            var waiting = lastWait.get();
            if (waiting != null) {
                waiting.interrupt();
            }
        }
    }

    private void report(RunFollower.End end, RunFinder.Location location, @Nullable String reason) {
        var line = spec.commandLine();
        var why = reason == null ? "" : ": " + reason;
        switch (end) {
            case COMPLETED -> {}
            case CANCELLED -> {
                var at = interruptedAt.get();
                line.getErr()
                        .println(PlainText.line("run " + location.runId() + " was cancelled"
                                + (at == 0
                                        ? why
                                        : "; it took " + Durations.format(Duration.ofNanos(System.nanoTime() - at)))));
            }
            case FAILED -> Errors.print(line, "run " + location.runId() + " failed" + why);
            case PAUSED ->
                line.getErr()
                        .println("run " + location.runId() + " waits for a decision: answer with POST "
                                + location.path() + "/continue, or cancel it with rein cancel " + location.runId());
            case OPEN ->
                Errors.print(
                        line,
                        "the stream ended before run " + location.runId() + " did"
                                + (reason == null ? "" : " (" + reason + ")") + ": check it with rein ps or rein tail");
        }
        line.getErr().flush();
    }

    private void interrupted(OsClient client, RunFinder.Location location) {
        if (!interruptedAt.compareAndSet(0, System.nanoTime())) {
            exit(INTERRUPTED, "exits without waiting for run " + location.runId() + ": check it with rein ps");
        }
        lastWait.set(Thread.ofVirtual().name("rein-last-wait").start(() -> exitUnlessEnded(client, location)));
        try {
            client.post(
                    location.path() + "/cancel",
                    new FormBody().with("reason", "Ctrl-C").with("session_id", location.sessionId()));
        } catch (ClientException e) {
            // Unknown: the cancel arrived before the run, and the server keeps it for the run.
            if (e.status() != 404) {
                Errors.print(
                        spec.commandLine(), "run " + location.runId() + " could not be cancelled: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A terminal that is gone can send no second signal. */
    private void exitUnlessEnded(OsClient client, RunFinder.Location location) {
        try {
            Thread.sleep(client.timeout());
            exit(
                    1,
                    "run " + location.runId() + " has not ended within " + Durations.format(client.timeout())
                            + " after its cancel: check it with rein ps");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void exit(int code, String message) {
        Errors.print(spec.commandLine(), message);
        Runtime.getRuntime().halt(code);
    }
}
