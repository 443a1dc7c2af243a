package dev.rein.run.event;

import dev.rein.run.Requirement;
import java.util.List;

/** A run waits for people. */
public sealed interface Paused extends RunEvent permits RunPaused, WorkflowPaused {

    /** What is waited for, of this run and all below it. */
    List<Requirement> requirements();
}
