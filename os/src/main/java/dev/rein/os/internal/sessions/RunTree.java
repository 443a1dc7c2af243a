package dev.rein.os.internal.sessions;

import dev.rein.run.ComponentKind;
import dev.rein.session.RunPreview;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a session as a tree. Immutable.
 *
 * @param <R> what is known of each run
 */
final class RunTree<R> {
    private final Function<R, String> id;
    private final Function<R, ComponentKind> kind;
    private final List<R> roots = new ArrayList<>();
    private final Map<String, List<R>> children = new HashMap<>();

    /** @param runs the runs in the order of their start */
    private RunTree(
            List<R> runs,
            Function<R, String> id,
            Function<R, @Nullable String> parentId,
            Function<R, ComponentKind> kind) {
        this.id = id;
        this.kind = kind;
        for (var run : runs) {
            var parent = parentId.apply(run);
            (parent == null ? roots : children.computeIfAbsent(parent, _ -> new ArrayList<>())).add(run);
        }
    }

    /** @param runs the runs in the order of their start */
    static RunTree<StoredRun> of(List<StoredRun> runs) {
        return new RunTree<>(runs, StoredRun::runId, StoredRun::parentRunId, StoredRun::source);
    }

    /** @param runs the runs in the order of their start */
    static RunTree<RunPreview> ofPreviews(List<RunPreview> runs) {
        return new RunTree<>(runs, RunPreview::runId, RunPreview::parentRunId, RunPreview::source);
    }

    private List<R> children(R run) {
        return children.getOrDefault(id.apply(run), List.of());
    }

    /**
     * The runs that a session lists: root runs, each team run preceded by its member runs. Runs of workflow steps are
     * shown inside the workflow run.
     *
     * @param which the root runs to list
     */
    List<R> listed(Predicate<R> which) {
        var listed = new ArrayList<R>();
        roots.stream().filter(which).forEach(root -> list(root, listed));
        return listed;
    }

    private void list(R run, List<R> listed) {
        if (kind.apply(run) == ComponentKind.TEAM) {
            children(run).forEach(member -> list(member, listed));
        }
        listed.add(run);
    }

    /** The descendants of a run. */
    List<R> below(R run) {
        var below = new ArrayList<R>();
        children(run).forEach(child -> {
            below.add(child);
            below.addAll(below(child));
        });
        return below;
    }
}
