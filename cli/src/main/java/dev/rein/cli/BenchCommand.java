package dev.rein.cli;

import dev.rein.bench.Bench;
import dev.rein.bench.walk.Walk;
import dev.rein.bench.walk.WalkOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rein bench GROUP}: runs benchmarks and prints each figure beside its floor, or runs the random walk. */
@Command(
        name = "bench",
        description = {
            "Measures a group of benchmarks on this machine and prints each figure beside its floor.",
            "The group walk runs random trees of runs, stops them at random and checks the rules of the kernel."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "GROUP", description = "The group to run. Without it, lists the groups.")
    private @Nullable String group;

    @Option(names = "--quick", description = "Takes fewer samples, to finish within 45 s.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private @Nullable Path json;

    @Option(names = "--minutes", paramLabel = "N", description = "Duration of the walk. Default: 1.")
    private double minutes = 1;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of the walk's first case. Default: the current time.")
    private @Nullable Long seed;

    @Option(names = "--case", paramLabel = "S", description = "Repeats the case of the walk with this seed.")
    private @Nullable Long only;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            return bench();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "the benchmarks are not part of this installation: use ./rein bench in a checkout", e);
        }
    }

    private int bench() throws IOException, InterruptedException {
        var line = spec.commandLine();
        if (group == null) {
            Bench.groups().forEach(line.getOut()::println);
            line.getOut().flush();
            return 0;
        }
        if (!Bench.groups().contains(group)) {
            throw new ParameterException(
                    line, "unknown group '" + group + "': use one of " + String.join(", ", Bench.groups()));
        }
        return group.equals(Walk.NAME) ? walk() : Bench.run(group, quick, json, System.out);
    }

    private int walk() throws IOException, InterruptedException {
        if (!(minutes > 0)) {
            throw new ParameterException(spec.commandLine(), "--minutes is " + minutes + ": give more than 0");
        }
        return new WalkOptions(minutes, seed, only).walk(System.out);
    }
}
