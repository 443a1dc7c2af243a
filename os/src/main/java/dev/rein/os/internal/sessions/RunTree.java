package dev.rein.os.internal.sessions;

import dev.rein.run.ComponentKind;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The runs of a session as a tree. Immutable. */
final class RunTree {
    private final List<StoredRun> roots = new ArrayList<>();
    private final Map<String, List<StoredRun>> children = new HashMap<>();

    /** @param runs the runs in the order of their start */
    RunTree(List<StoredRun> runs) {
        for (var run : runs) {
            var parent = run.parentRunId();
            (parent == null ? roots : children.computeIfAbsent(parent, _ -> new ArrayList<>())).add(run);
        }
    }

    private List<StoredRun> children(StoredRun run) {
        return children.getOrDefault(run.runId(), List.of());
    }

    /**
     * The runs that a session lists: root runs, each team run preceded by its member runs. Runs of workflow steps are
     * shown inside the workflow run.
     *
     * @param which the root runs to list
     */
    List<StoredRun> listed(Predicate<StoredRun> which) {
        var listed = new ArrayList<StoredRun>();
        roots.stream().filter(which).forEach(root -> list(root, listed));
        return listed;
    }

    private void list(StoredRun run, List<StoredRun> listed) {
        if (run.source() == ComponentKind.TEAM) {
            children(run).forEach(member -> list(member, listed));
        }
        listed.add(run);
    }

    /** The descendants of a run. */
    List<StoredRun> below(StoredRun run) {
        var below = new ArrayList<StoredRun>();
        children(run).forEach(child -> {
            below.add(child);
            below.addAll(below(child));
        });
        return below;
    }
}
