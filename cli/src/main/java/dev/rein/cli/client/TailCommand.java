package dev.rein.cli.client;

import dev.rein.cli.Errors;
import dev.rein.text.PlainText;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rein tail}: follows a run started elsewhere, from its first event. */
@Command(
        name = "tail",
        description = {
            "Follows a run of a running AgentOS from its first event. For an ended run, prints the stored" + " events.",
            "Ctrl-C exits; the run continues."
        },
        exitCodeList = {"3:the run was cancelled", "4:the run is paused and waits for a decision"},
        mixinStandardHelpOptions = true)
public final class TailCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "RUN_ID", description = "The run to follow.")
    @SuppressWarnings("NullAway.Init")
    private String runId;

    @Option(names = "--from", paramLabel = "N", description = "The index of the first event to print. Default: 0.")
    private long from;

    @Option(names = "--json", description = "Prints the events as JSON, one per line.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var line = spec.commandLine();
        if (from < 0) {
            throw new ParameterException(line, "--from is " + from + ": must be 0 or more");
        }
        try (var client = server.connect()) {
            var live = RunFinder.findLive(client, runId);
            if (live.isPresent()) {
                var location = live.get();
                var form = form().with("session_id", location.sessionId());
                return show(client, location, client.stream(location.path() + "/resume", form, server.notes()), null);
            }
            var ended = RunFinder.findEnded(client, runId, form(), server.notes());
            if (ended.isPresent()) {
                return show(
                        client,
                        ended.get().location(),
                        ended.get().rest(),
                        ended.get().first());
            }
            Errors.print(
                    line, "no run " + runId + " is live or stored at " + client.url() + ": rein ps lists live runs");
            return ExitCode.SOFTWARE;
        }
    }

    private FormBody form() {
        return from > 0 ? new FormBody().with("last_event_index", String.valueOf(from - 1)) : new FormBody();
    }

    private int show(OsClient client, RunFinder.Location location, EventReader frames, @Nullable EventFrame first) {
        var line = spec.commandLine();
        try (frames;
                var printer = new EventPrinter(line, json)) {
            if (first != null) {
                printer.print(first);
            }
            var run = new RunFollower(location.kind(), runId, printer);
            var end = run.follow(frames);
            if (end == RunFollower.End.OPEN) {
                Errors.print(
                        line,
                        "the stream of run " + runId + " ended before the run did, at " + client.url()
                                + (run.reason() == null ? "" : ": " + run.reason()));
            } else if (end == RunFollower.End.CANCELLED || end == RunFollower.End.FAILED) {
                note(
                        line,
                        "run " + runId + (end == RunFollower.End.CANCELLED ? " was cancelled" : " failed")
                                + (run.reason() == null ? "" : ": " + run.reason()));
            }
            return end.exitCode();
        }
    }

    private void note(CommandLine line, String text) {
        if (!json) {
            line.getErr().println(PlainText.line(text));
            line.getErr().flush();
        }
    }
}
