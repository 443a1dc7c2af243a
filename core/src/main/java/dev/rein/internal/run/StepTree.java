package dev.rein.internal.run;

import dev.rein.run.StepOutput;
import dev.rein.session.StoredStep;
import java.util.List;

/** How far the steps of a workflow's run are. Called under the tree's lock. */
public interface StepTree {
    /** Of a run without steps. */
    StepTree EMPTY = new StepTree() {
        @Override
        public List<StepOutput> results() {
            return List.of();
        }

        @Override
        public List<StoredStep> stored() {
            return List.of();
        }
    };

    /** What they have come to, for people. */
    List<StepOutput> results();

    /** The same for another process, which goes on from there. Only meaningful while the run waits for people. */
    List<StoredStep> stored();
}
