package dev.rein.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cli.TextTable;
import dev.rein.text.PlainText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rein queue}: lists the durable runs of an AgentOS. */
@Command(
        name = "queue",
        description = "Lists the durable runs of a running AgentOS, the latest first.",
        mixinStandardHelpOptions = true)
public final class QueueCommand implements Callable<Integer> {
    private static final int MAX_LIMIT = 1_000;
    private static final List<String> HEADING =
            List.of("RUN", "COMPONENT", "SESSION", "USER", "STATUS", "ATTEMPT", "CREATED", "ERROR");

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only those with this status; may be repeated: queued, running, paused, completed, failed,"
                    + " cancelled.")
    private List<String> states = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "How many at most, up to 1000. Default: 100.")
    private int limit = 100;

    @Option(names = "--json", description = "Prints a JSON array.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ParameterException(spec.commandLine(), "--limit is " + limit + ": give 1 to " + MAX_LIMIT);
        }
        var path = new StringBuilder("/queue/jobs?limit=").append(limit);
        states.forEach(state -> path.append("&status=").append(OsClient.encoded(state)));
        var out = spec.commandLine().getOut();
        try (var client = server.connect()) {
            var answer = client.get(path.toString());
            var runs = answer.path("data");
            if (json) {
                out.println(PlainText.of(runs.toPrettyString()));
            } else if (runs.isEmpty()) {
                out.println("no durable run" + (states.isEmpty() ? "" : " with this status") + " at " + client.url());
            } else {
                TextTable.print(
                        rows(runs), out, spec.commandLine().getColorScheme().ansi());
                var total = answer.at("/meta/total_count").asLong();
                if (total > runs.size()) {
                    out.println(runs.size() + " of " + total + "; --limit N lists more");
                }
            }
            out.flush();
        }
        return ExitCode.OK;
    }

    private static List<List<String>> rows(JsonNode runs) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADING);
        for (var run : runs) {
            rows.add(List.of(
                    run.path("id").asText(),
                    run.path("component_type").asText() + " "
                            + run.path("component_id").asText(),
                    text(run, "session_id"),
                    text(run, "user_id"),
                    run.path("status").asText(),
                    run.path("attempt").asInt() + " of "
                            + run.path("max_attempts").asInt(),
                    Instant.ofEpochSecond(run.path("created_at").asLong()).toString(),
                    text(run, "error")));
        }
        return rows;
    }

    private static String text(JsonNode run, String name) {
        var value = run.path(name);
        return value.isTextual() && !value.asText().isEmpty() ? value.asText() : "-";
    }
}
