package dev.rein.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link CancelRequest}. If {@link #acknowledged} is true, the whole tree of the run has been marked when
 * this is returned: nothing new starts.
 *
 * @param runId the id of the run
 * @param outcome the effect of the request
 * @param status the status of the run; null for an unknown run
 * @param effectiveMode the mode in force; null if the run is not being stopped
 * @param cause the cause in force, that of the first effective request; null if the run is not being stopped
 * @param acknowledged whether the process that owns the run has acknowledged the request, or the run is over; false when
 *     another process owns it and has not answered yet: then the request is stored, and takes effect when that process
 *     polls the store
 * @param note additional information, such as a mode that has less effect here; usually null
 */
public record CancelResult(
        String runId,
        Outcome outcome,
        @Nullable RunStatus status,
        @Nullable CancelMode effectiveMode,
        @Nullable CancelCause cause,
        boolean acknowledged,
        @Nullable String note) {

    /** Creates the result for a run of this process, or for an unknown run. */
    public CancelResult(
            String runId,
            Outcome outcome,
            @Nullable RunStatus status,
            @Nullable CancelMode effectiveMode,
            @Nullable CancelCause cause,
            @Nullable String note) {
        this(runId, outcome, status, effectiveMode, cause, outcome != Outcome.REMEMBERED, note);
    }

    /** The effects of a request. */
    public enum Outcome {
        /** The request stops the run. */
        REQUESTED,
        /** An earlier request with the same or a stronger mode is stopping the run. */
        ALREADY_REQUESTED,
        /** The request made the mode of an earlier one stronger. */
        UPGRADED,
        /** The outcome of the run was decided before the request. */
        ALREADY_FINISHED,
        /** The run is unknown. If a run with this id starts soon, it is cancelled before it works. */
        REMEMBERED
    }

    /** Whether this request caused the stop or made its mode stronger. */
    public boolean effective() {
        return outcome == Outcome.REQUESTED || outcome == Outcome.UPGRADED;
    }

    /** Whether the run was live and will now end as CANCELLED, or in a graceful mode possibly as COMPLETED. */
    public boolean stopping() {
        return effective() || outcome == Outcome.ALREADY_REQUESTED;
    }
}
