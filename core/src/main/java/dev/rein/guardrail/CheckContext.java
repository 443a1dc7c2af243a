package dev.rein.guardrail;

import dev.rein.cancel.Cancellation;
import dev.rein.model.Model;
import dev.rein.model.Usage;
import dev.rein.run.RunContext;

/** The surroundings of one {@link Check}. Thread-safe. */
public interface CheckContext {

    /** The context of the run whose text is checked. */
    RunContext run();

    /**
     * The cancellation of this check: when the run is stopped, when the check's time is over, and when its verdict is no longer
     * needed.
     */
    Cancellation cancellation();

    /** Adds the tokens that a check has used to the metrics of the run, where they count towards its limits. */
    void usage(Model model, Usage usage);
}
