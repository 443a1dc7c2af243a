package dev.rein.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cli.Durations;
import dev.rein.cli.TextTable;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rein ps}: lists the live runs of an AgentOS and their current activity. */
@Command(
        name = "ps",
        description = "Lists the live runs of a running AgentOS and their current activity.",
        mixinStandardHelpOptions = true)
public final class PsCommand implements Callable<Integer> {
    private static final List<String> HEADING =
            List.of("RUN", "COMPONENT", "SESSION", "USER", "STATUS", "DOING", "SINCE");

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(names = "--json", description = "Prints a JSON array.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        try (var client = server.connect()) {
            var runs = RunFinder.listLive(client);
            if (json) {
                out.println(PlainText.of(
                        OsClient.JSON.createArrayNode().addAll(runs).toPrettyString()));
            } else if (runs.isEmpty()) {
                out.println("no run is live at " + client.url());
            } else {
                TextTable.print(
                        rows(runs), out, spec.commandLine().getColorScheme().ansi());
            }
            out.flush();
        }
        return ExitCode.OK;
    }

    private static List<List<String>> rows(List<JsonNode> runs) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADING);
        var depths = new HashMap<String, Integer>();
        for (var run : runs) {
            rows.add(row(run, depth(run, depths)));
        }
        return rows;
    }

    private static int depth(JsonNode run, Map<String, Integer> depths) {
        var parent = depths.get(run.path("parent_run_id").asText());
        var depth = parent == null ? 0 : parent + 1;
        depths.put(run.path("run_id").asText(), depth);
        return depth;
    }

    private static List<String> row(JsonNode run, int depth) {
        return List.of(
                run.path("run_id").asText(),
                "  ".repeat(depth) + run.path("type").asText() + " "
                        + run.path("component_id").asText(),
                text(run, "session_id"),
                text(run, "user_id"),
                run.path("stopping").asBoolean()
                        ? "stopping"
                        : run.path("status").asText().toLowerCase(java.util.Locale.ROOT),
                text(run, "activity"),
                Durations.format(Duration.ofMillis(
                        Math.round(run.path("activity_seconds").asDouble() * 1_000))));
    }

    private static String text(JsonNode run, String name) {
        var value = run.path(name).asText("");
        return value.isEmpty() || value.equals("null") ? "-" : value;
    }
}
