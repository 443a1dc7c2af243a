package dev.rein.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.CancelMode;
import dev.rein.cli.Durations;
import dev.rein.cli.Errors;
import dev.rein.cli.TextTable;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code rein cancel}: cancels one or more runs of an AgentOS. */
@Command(
        name = "cancel",
        description = "Cancels a run of a running AgentOS, or all runs of a session, of a user or of the server.",
        mixinStandardHelpOptions = true)
public final class CancelCommand implements Callable<Integer> {
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final List<String> HEADING = List.of("RUN", "STATUS", "RESULT", "EFFECTIVE");

    /** Selects the runs to cancel. */
    static final class Selection {
        @Parameters(paramLabel = "RUN_ID", description = "The run to cancel.")
        private @Nullable String runId;

        @Option(names = "--session", paramLabel = "ID", description = "Cancels the runs of this session.")
        private @Nullable String session;

        @Option(names = "--user", paramLabel = "ID", description = "Cancels the runs of this user.")
        private @Nullable String user;

        @Option(names = "--all", description = "Cancels all live runs.")
        private boolean all;
    }

    /** Converts cancel modes such as {@code after-tools}. */
    static final class ModeConverter implements ITypeConverter<CancelMode> {
        @Override
        public CancelMode convert(String value) {
            for (var mode : CancelMode.values()) {
                if (word(mode).equals(value.strip().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                    return mode;
                }
            }
            throw new TypeConversionException("'" + value + "' is not a mode: use one of "
                    + Stream.of(CancelMode.values()).map(ModeConverter::word).collect(Collectors.joining(", ")));
        }

        private static String word(CancelMode mode) {
            return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Selection selection;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = ModeConverter.class,
            description = "What may still finish: now (nothing), after-tools, after-turn, after-step. Default: now.")
    private CancelMode mode = CancelMode.NOW;

    @Option(names = "--reason", paramLabel = "TEXT", description = "The reason, stored with the run.")
    private @Nullable String reason;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Durations.class,
            description =
                    "How long to wait for the run to end, such as 500ms or 5s, at most 1m. Default: does not wait.")
    private @Nullable Duration wait;

    @Option(names = "--json", description = "Prints the server's response.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        try (var client = server.connect()) {
            return selection.runId != null ? one(client, selection.runId) : many(client);
        }
    }

    private FormBody form() {
        return new FormBody()
                .with("mode", mode.name().toLowerCase(Locale.ROOT))
                .with("reason", reason)
                .with("wait", wait == null ? null : String.valueOf(wait.toMillis()));
    }

    private Duration waited() {
        return wait == null ? Duration.ZERO : wait;
    }

    private int one(OsClient client, String runId) throws InterruptedException {
        var live = RunFinder.findLive(client, runId);
        var location = live.isPresent() ? live : findEnded(client, runId);
        if (location.isEmpty()) {
            Errors.print(
                    spec.commandLine(),
                    "no run " + runId + " is live at " + client.url()
                            + ", and ended runs can't be cancelled: rein ps lists live runs");
            return ExitCode.SOFTWARE;
        }
        var answer = client.post(
                location.get().path() + "/cancel",
                form().with("session_id", location.get().sessionId()),
                waited());
        print(answer, List.of(answer));
        return ExitCode.OK;
    }

    /**
     * Locates an ended run, so that the server can report its outcome. Sending the cancel to every component instead
     * would leave it pending for later runs.
     */
    private Optional<RunFinder.Location> findEnded(OsClient client, String runId) throws InterruptedException {
        try (var ended = RunFinder.findEnded(client, runId, new FormBody(), server.notes())
                .orElse(null)) {
            return Optional.ofNullable(ended).map(RunFinder.EndedRun::location);
        } catch (ClientException e) {
            if (e.status() == BAD_REQUEST || e.status() == FORBIDDEN) {
                // The server hides the run from callers that do not name its session, or from this caller.
                return Optional.empty();
            }
            throw e;
        }
    }

    private int many(OsClient client) throws InterruptedException {
        var answer = client.post(
                "/runs/cancel",
                form().with("session_id", selection.session)
                        .with("user_id", selection.user)
                        .with("all", selection.all ? "true" : null),
                waited());
        var results = new ArrayList<JsonNode>();
        answer.path("results").forEach(results::add);
        print(answer, results);
        return ExitCode.OK;
    }

    private void print(JsonNode answer, List<JsonNode> results) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(PlainText.of(answer.toString()));
        } else if (results.isEmpty()) {
            out.println("no matching run is live");
        } else {
            var rows = new ArrayList<List<String>>();
            rows.add(HEADING);
            for (var result : results) {
                rows.add(List.of(
                        result.path("run_id").asText(),
                        result.path("status").asText("-").toLowerCase(Locale.ROOT),
                        result.path("result").asText().replace('_', ' '),
                        result.path("effective").asBoolean() ? "yes" : "no"));
            }
            TextTable.print(rows, out, spec.commandLine().getColorScheme().ansi());
        }
        out.flush();
    }
}
