package dev.rein.internal.pause;

import dev.rein.internal.delivery.Progress;
import dev.rein.run.Requirement;
import dev.rein.session.SessionStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that waits for people, as it is looked at to tell whether another process could resume it. Under the tree's lock. */
public interface PausedRun {
    String id();

    String rootRunId();

    boolean isRoot();

    /** What it and the runs below it wait for. */
    List<Requirement> requirements();

    Progress progress();

    /** Where it is stored; null for nowhere. */
    @Nullable
    SessionStore store();

    /** Another live run; null when there is none of this id. */
    @Nullable
    PausedRun find(String runId);
}
