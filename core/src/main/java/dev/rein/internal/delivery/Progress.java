package dev.rein.internal.delivery;

import dev.rein.run.StepOutput;
import dev.rein.session.StoredStep;
import dev.rein.session.StoredTeam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The execution state of a run beyond its conversation, provided by the component. Called under the tree's lock. */
public interface Progress {
    /** The progress of a run whose conversation is its whole state. */
    Progress NONE = new Progress() {};

    /** The results of a workflow's steps, including unfinished ones. */
    default List<StepOutput> results() {
        return List.of();
    }

    /** The checkpoints of a workflow's steps for a resume in another process. Only meaningful while the run is paused. */
    default List<StoredStep> stored() {
        return List.of();
    }

    /** A team's checkpoint for a resume in another process; null if its conversation is its whole state. */
    default @Nullable StoredTeam team() {
        return null;
    }

    /** The ids of the paused child runs that a resume in another process would reach. */
    default List<String> pausedChildren() {
        return List.of();
    }
}
