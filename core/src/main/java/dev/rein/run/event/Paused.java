package dev.rein.run.event;

import dev.rein.run.Requirement;
import java.util.List;

/** A run is paused and waits for decisions. */
public sealed interface Paused extends RunEvent permits RunPaused, WorkflowPaused {

    /** The requirements of this run and of the runs below it. */
    List<Requirement> requirements();
}
