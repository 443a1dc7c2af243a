package dev.rein.internal.pause;

import dev.rein.internal.delivery.Progress;
import dev.rein.run.Requirement;
import dev.rein.session.SessionStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A paused run, as seen by {@link ResumeBlocker}. Called under the tree's lock. */
public interface PausedRun {
    String id();

    String rootRunId();

    boolean isRoot();

    /** The pending requirements of this run and its descendants. */
    List<Requirement> requirements();

    /** Whether the code of a tool asks this, in the middle of its call. */
    boolean isDuringCall(Requirement requirement);

    Progress progress();

    /** The store of this run; null if it is not stored. */
    @Nullable
    SessionStore store();

    /** A live run by id; null if there is none. */
    @Nullable
    PausedRun find(String runId);
}
