package dev.rein.os.internal.runs;

import dev.rein.os.internal.route.Problem;
import dev.rein.run.RunStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The status names of the wire format. */
public final class RunStatuses {
    private static final String REGENERATED = "REGENERATED";

    private RunStatuses() {}

    /** All names that clients may filter by, in alphabetical order. */
    public static List<String> names() {
        var known = new TreeSet<>(List.of(REGENERATED));
        for (var status : RunStatus.values()) {
            if (status != RunStatus.CANCELLING) {
                known.add(status.name());
            }
        }
        return List.copyOf(known);
    }

    /**
     * Parses status names, case-insensitively. A status that no run here can have matches no run; RUNNING includes runs
     * that are being cancelled, which are shown as running.
     *
     * @throws Problem 400 listing the invalid names
     */
    public static Set<RunStatus> parse(List<String> names) {
        var known = names();
        var upper = names.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
        var wrong =
                upper.stream().filter(name -> !known.contains(name)).sorted().toList();
        if (!wrong.isEmpty()) {
            throw Problem.badRequest("Invalid status value(s) " + quoted(wrong) + "; expected one of " + quoted(known));
        }
        var statuses = EnumSet.noneOf(RunStatus.class);
        upper.stream()
                .filter(name -> !name.equals(REGENERATED))
                .map(RunStatus::valueOf)
                .forEach(statuses::add);
        if (statuses.contains(RunStatus.RUNNING)) {
            statuses.add(RunStatus.CANCELLING);
        }
        return statuses;
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
    }

    /** The name on the wire: a run being cancelled is shown as running. */
    public static String shown(RunStatus status) {
        return status == RunStatus.CANCELLING ? RunStatus.RUNNING.name() : status.name();
    }
}
