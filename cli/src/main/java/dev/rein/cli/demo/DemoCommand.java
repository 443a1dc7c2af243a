package dev.rein.cli.demo;

import dev.rein.cli.Durations;
import dev.rein.cli.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rein demo}: all demos, then a table; {@code rein demo agent}: that one. */
@Command(
        name = "demo",
        description = "Starts runs, stops them from another thread, and shows how long each stop took.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final List<DemoStep> STEPS = List.of(new AgentStep());

    @Mixin
    private final DemoOptions options = new DemoOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        return run(STEPS, true);
    }

    @Command(
            name = "agent",
            description = "One agent tells a long story; another thread cancels its run.",
            mixinStandardHelpOptions = true)
    int agent() {
        return run(List.of(new AgentStep()), false);
    }

    private int run(List<DemoStep> steps, boolean table) {
        var line = spec.commandLine();
        var screen = new Screen(line.getOut(), line.getColorScheme().ansi());
        ModelChoice choice;
        DemoSetting setting;
        try {
            choice = options.model();
            setting = new DemoSetting(choice.model(), options.prompt(), options.cancelAfter(), screen);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
        }
        var results = new ArrayList<DemoResult>();
        try (var _ = new FinishBeforeExit()) {
            screen.line(choice.note());
            for (var step : steps) {
                var result = step.run(setting);
                results.add(result);
                if (result.isLast()) {
                    break;
                }
            }
            if (table) {
                screen.heading("All runs");
                screen.table(rows(results));
            }
        }
        var failed =
                results.stream().filter(result -> result.output().isError()).toList();
        failed.forEach(result -> Errors.print(line, result.title() + ": " + result.reason()));
        return failed.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static List<List<String>> rows(List<DemoResult> results) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("run", "status", "reason", "stop took", "tokens after it"));
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
