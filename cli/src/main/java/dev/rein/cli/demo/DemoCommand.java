package dev.rein.cli.demo;

import dev.rein.cli.Durations;
import dev.rein.cli.Errors;
import dev.rein.cli.ModelChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code rein demo}: runs a workflow, a team and a background run, then prints a table; {@code rein demo agent} runs a
 * single demo.
 */
@Command(
        name = "demo",
        description = {
            "Starts runs, cancels them from another thread, and shows how long each cancel took.",
            "Without a name, runs a workflow, a team and a background workflow in turn."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final List<Demo> DEMOS = List.of(new WorkflowDemo(), new TeamDemo(), new BackgroundDemo());

    @Mixin
    private final DemoOptions options = new DemoOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** The time to the stop counts from the run's start. */
    private CountDownLatch countFrom = new CountDownLatch(0);

    /** Lets it count from when {@code latch} opens, for tests that stop a run in a certain place on machines of any speed. */
    void countFrom(CountDownLatch latch) {
        countFrom = latch;
    }

    @Override
    public Integer call() {
        return run(DEMOS, true);
    }

    @Command(
            name = "agent",
            description = "An agent tells a long story; another thread cancels its run.",
            mixinStandardHelpOptions = true)
    int agent() {
        return run(List.of(new AgentDemo()), false);
    }

    @Command(
            name = "workflow",
            description = "One agent searches the web, another one writes; another thread cancels the workflow.",
            mixinStandardHelpOptions = true)
    int workflow() {
        return run(List.of(new WorkflowDemo()), false);
    }

    @Command(
            name = "team",
            description = "A leader delegates the story to its members; another thread cancels the team's run.",
            mixinStandardHelpOptions = true)
    int team() {
        return run(List.of(new TeamDemo()), false);
    }

    @Command(
            name = "background",
            description = "A background workflow of three steps is cancelled by its id.",
            mixinStandardHelpOptions = true)
    int background() {
        return run(List.of(new BackgroundDemo()), false);
    }

    private int run(List<Demo> demos, boolean table) {
        var line = spec.commandLine();
        var printer = new DemoPrinter(line);
        ModelChoice choice;
        var settings = new LinkedHashMap<Demo, DemoContext>();
        try {
            choice = options.model();
            for (var demo : demos) {
                settings.put(
                        demo,
                        new DemoContext(
                                choice.model(),
                                choice.offline(),
                                options.prompt(demo),
                                options.cancelAfter(demo),
                                countFrom,
                                printer));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
        }
        var results = new ArrayList<DemoResult>();
        try (var _ = new FinishBeforeExit()) {
            printer.line(choice.note());
            for (var each : settings.entrySet()) {
                var result = DemoRunner.of(each.getKey(), each.getValue());
                results.add(result);
                if (result.isLast()) {
                    break;
                }
            }
            if (table) {
                printer.heading("All runs");
                printer.table(rows(results));
            }
        }
        var failed =
                results.stream().filter(result -> result.output().isError()).toList();
        failed.forEach(result -> Errors.print(line, result.title() + ": " + result.reason()));
        return failed.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static List<List<String>> rows(List<DemoResult> results) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("run", "status", "reason", "cancel took", "tokens after cancel"));
        for (var result : results) {
            var stopTook = result.output().stopTook();
            var after = result.tokensAfterStop();
            rows.add(List.of(
                    result.title(),
                    result.output().status().name(),
                    result.reason(),
                    stopTook == null ? "-" : Durations.format(stopTook),
                    after == null ? "-" : after.toString()));
        }
        return rows;
    }
}
