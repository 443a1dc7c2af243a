package dev.rein.internal.delivery;

import dev.rein.run.StepOutput;
import dev.rein.session.StoredStep;
import dev.rein.session.StoredTeam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a run is, as the component knows that it is a run of. Called under the tree's lock. */
public interface Progress {
    /** Of a run of which its conversation says all. */
    Progress NONE = new Progress() {};

    /** What the steps of a workflow have come to, for people. */
    default List<StepOutput> results() {
        return List.of();
    }

    /** The same for another process, which goes on from there. Only meaningful while the run waits for people. */
    default List<StoredStep> stored() {
        return List.of();
    }

    /** How far a team is, for the same; null where its conversation says all. */
    default @Nullable StoredTeam team() {
        return null;
    }

    /** The runs right below it that wait for people, as far as another process would come to them again. */
    default List<String> waitsFor() {
        return List.of();
    }
}
