package dev.rein.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link CancelRequest}. When this is returned, and {@link #acknowledged} is true, the whole tree of the run is
 * marked: nothing new starts.
 *
 * @param runId the run that was asked to stop
 * @param outcome what the request did
 * @param status where the run stands; null for an unknown run
 * @param effectiveMode the mode now in force; null when no stop is
 * @param cause the cause now in force, that of the first effective request; null when no stop is
 * @param acknowledged whether the process that owns the run has acknowledged the request, or the run is over; false when another
 *     process owns it and has not answered yet: then the request is stored, and takes effect when that process polls the store
 * @param note what the caller should know besides, such as a mode that means less here; null as a rule
 */
public record CancelResult(
        String runId,
        Outcome outcome,
        @Nullable RunStatus status,
        @Nullable CancelMode effectiveMode,
        @Nullable CancelCause cause,
        boolean acknowledged,
        @Nullable String note) {

    /** Of a run of this process, or of none. */
    public CancelResult(
            String runId,
            Outcome outcome,
            @Nullable RunStatus status,
            @Nullable CancelMode effectiveMode,
            @Nullable CancelCause cause,
            @Nullable String note) {
        this(runId, outcome, status, effectiveMode, cause, outcome != Outcome.REMEMBERED, note);
    }

    /** The five things that a request can do. */
    public enum Outcome {
        /** This request stops the run. */
        REQUESTED,
        /** An earlier request of the same or a stronger mode stops it. */
        ALREADY_REQUESTED,
        /** An earlier request was made stronger by this one. */
        UPGRADED,
        /** The run's outcome was decided before. */
        ALREADY_FINISHED,
        /** No such run; should one with this id start soon, it is stopped before it works. */
        REMEMBERED
    }

    /** Whether this very call caused the stop or made it stronger. */
    public boolean effective() {
        return outcome == Outcome.REQUESTED || outcome == Outcome.UPGRADED;
    }

    /** Whether the run was live and will now end cancelled (or, in a graceful mode, with nothing left out). */
    public boolean stopping() {
        return effective() || outcome == Outcome.ALREADY_REQUESTED;
    }
}
