package dev.rein.os.internal.http;

import dev.rein.run.RunStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The names of statuses that clients use. */
final class RunStatuses {
    private static final String REGENERATED = "REGENERATED";

    private RunStatuses() {}

    /** All that clients may ask for, in the order of the alphabet. */
    static List<String> names() {
        var known = new TreeSet<>(List.of(REGENERATED));
        for (var status : RunStatus.values()) {
            if (status != RunStatus.CANCELLING) {
                known.add(status.name());
            }
        }
        return List.copyOf(known);
    }

    /**
     * Reads names in any case; a status that no run of ours has fits none.
     *
     * @throws Problem 400 that lists those that are no status
     */
    static Set<RunStatus> parse(List<String> names) {
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
        return statuses;
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
    }

    /** What clients call it: one that is being stopped still runs. */
    static String shown(RunStatus status) {
        return status == RunStatus.CANCELLING ? RunStatus.RUNNING.name() : status.name();
    }
}
