package dev.rein.bench;

import dev.rein.bench.crash.CrashGroup;
import dev.rein.bench.flows.FlowsGroup;
import dev.rein.bench.harness.Group;
import dev.rein.bench.harness.Runner;
import dev.rein.bench.kernel.KernelGroup;
import dev.rein.bench.kernel.Sizes;
import dev.rein.bench.os.OsGroup;
import dev.rein.bench.store.StoreGroup;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The benchmarks' command. */
public final class Bench {
    private static final String USAGE = "usage: bench GROUP [--quick] [--json FILE]";
    private static final int MISUSED = 2;

    private Bench() {}

    /** The groups there are. */
    public static List<String> groups() {
        return List.of(KernelGroup.NAME, FlowsGroup.NAME, StoreGroup.NAME, CrashGroup.NAME, OsGroup.NAME);
    }

    /** {@code GROUP [--quick] [--json FILE]}; ends the JVM with the code of {@link #run}. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out));
    }

    static int run(List<String> args, PrintStream out) {
        String group = null;
        var quick = false;
        Path json = null;
        var rest = args.iterator();
        while (rest.hasNext()) {
            var arg = rest.next();
            if (arg.equals("--quick")) {
                quick = true;
            } else if (arg.equals("--json") && rest.hasNext()) {
                json = Path.of(rest.next());
            } else if (group == null && !arg.startsWith("-")) {
                group = arg;
            } else {
                out.println("bench does not understand \"" + arg + "\"; " + USAGE);
                return MISUSED;
            }
        }
        if (group == null) {
            out.println("bench needs a group, one of " + groups() + "; " + USAGE);
            return MISUSED;
        }
        return run(group, quick, json, out);
    }

    /**
     * Measures a group and prints the table. A row that misses its goal says so.
     *
     * @param group one of {@link #groups()}
     * @param quick fewer values, so that it ends within 45 s
     * @param json gets the rows as an array of objects; null for none
     * @return 0, also when a goal was missed; 1 if something could not be measured; 2 if there is no such group
     */
    public static int run(String group, boolean quick, @Nullable Path json, PrintStream out) {
        if (!groups().contains(group)) {
            out.println("there is no group \"" + group + "\": there are " + groups());
            return MISUSED;
        }
        try (var measured = open(group, quick)) {
            return new Runner(out).run(measured, json);
        }
    }

    private static Group open(String group, boolean quick) {
        return switch (group) {
            case FlowsGroup.NAME ->
                new FlowsGroup(quick ? dev.rein.bench.flows.Sizes.QUICK : dev.rein.bench.flows.Sizes.FULL);
            case OsGroup.NAME -> new OsGroup(quick ? dev.rein.bench.os.Sizes.QUICK : dev.rein.bench.os.Sizes.FULL);
            case StoreGroup.NAME ->
                new StoreGroup(quick ? dev.rein.bench.store.Sizes.QUICK : dev.rein.bench.store.Sizes.FULL);
            case CrashGroup.NAME ->
                new CrashGroup(quick ? dev.rein.bench.crash.Sizes.QUICK : dev.rein.bench.crash.Sizes.FULL);
            default -> new KernelGroup(quick ? Sizes.QUICK : Sizes.FULL);
        };
    }
}
