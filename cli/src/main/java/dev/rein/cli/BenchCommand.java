package dev.rein.cli;

import dev.rein.bench.Bench;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rein bench GROUP}: runs benchmarks and prints each figure beside its floor. */
@Command(
        name = "bench",
        description = "Measures a group of benchmarks on this machine and prints each figure beside its floor.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "GROUP", description = "The group to run. Without it, lists the groups.")
    private @Nullable String group;

    @Option(names = "--quick", description = "Takes fewer samples, to finish within 45 s.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private @Nullable Path json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
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
        return Bench.run(group, quick, json, System.out);
    }
}
