package dev.rein.bench;

import dev.rein.bench.crash.CrashGroup;
import dev.rein.bench.flows.FlowsGroup;
import dev.rein.bench.harness.Group;
import dev.rein.bench.harness.Runner;
import dev.rein.bench.kernel.KernelGroup;
import dev.rein.bench.kernel.Sizes;
import dev.rein.bench.models.ModelsGroup;
import dev.rein.bench.os.OsGroup;
import dev.rein.bench.store.StoreGroup;
import dev.rein.bench.tools.ToolsGroup;
import dev.rein.bench.walk.Walk;
import dev.rein.bench.walk.WalkOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The benchmarks' command. */
public final class Bench {
    private static final String USAGE = "usage: bench GROUP [--quick] [--json FILE]";
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Bench() {}

    private static final Map<String, Function<Boolean, Group>> MEASURED = measured();

    private static Map<String, Function<Boolean, Group>> measured() {
        var groups = new LinkedHashMap<String, Function<Boolean, Group>>();
        groups.put(KernelGroup.NAME, quick -> new KernelGroup(quick ? Sizes.QUICK : Sizes.FULL));
        groups.put(
                FlowsGroup.NAME,
                quick -> new FlowsGroup(quick ? dev.rein.bench.flows.Sizes.QUICK : dev.rein.bench.flows.Sizes.FULL));
        groups.put(
                StoreGroup.NAME,
                quick -> new StoreGroup(quick ? dev.rein.bench.store.Sizes.QUICK : dev.rein.bench.store.Sizes.FULL));
        groups.put(
                CrashGroup.NAME,
                quick -> new CrashGroup(quick ? dev.rein.bench.crash.Sizes.QUICK : dev.rein.bench.crash.Sizes.FULL));
        groups.put(
                OsGroup.NAME,
                quick -> new OsGroup(quick ? dev.rein.bench.os.Sizes.QUICK : dev.rein.bench.os.Sizes.FULL));
        groups.put(ModelsGroup.NAME, quick -> new ModelsGroup((quick ? Sizes.QUICK : Sizes.FULL).cancels()));
        groups.put(
                ToolsGroup.NAME,
                quick -> new ToolsGroup(quick ? dev.rein.bench.tools.Sizes.QUICK : dev.rein.bench.tools.Sizes.FULL));
        return groups;
    }

    /** The groups there are: those that measure, and the random walk. */
    public static List<String> groups() {
        return Stream.concat(MEASURED.keySet().stream(), Stream.of(Walk.NAME)).toList();
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
        var open = MEASURED.get(group);
        if (open == null) {
            return walk(out);
        }
        try (var measured = open.apply(quick)) {
            return new Runner(out).run(measured, json);
        }
    }

    private static int walk(PrintStream out) {
        try {
            return WalkOptions.DEFAULT.walk(out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            out.println("the walk was interrupted");
        } catch (IOException e) {
            out.println("the walk needs a folder for its database: " + e);
        }
        return FAILED;
    }
}
