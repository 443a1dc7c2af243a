package dev.rein.session;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that several processes share. Each of them is an owner of runs, by an id that it makes up, and holds one lease,
 * which it renews well before it is over. An owner whose lease is over is dead, whatever else it may be: others end its runs,
 * and it must not write to them any more, which their epoch prevents.
 *
 * <p>The store has one clock for all, that of its server, so that the clocks of the processes need not agree.
 */
public interface SharedStore extends SessionStore {

    /** How long a lease lasts; the same for all processes. */
    Duration lease();

    /** Begins a lease. */
    void join(String owner);

    /**
     * Renews a lease, also one that is over, if nobody has taken note of that yet.
     *
     * @return false if the owner is dead: others have ended its runs, or may
     */
    boolean renew(String owner);

    /** Ends a lease: its owner has no runs any more, or leaves them to others. */
    void leave(String owner);

    /**
     * What an owner must know, in one query.
     *
     * @param owner who asks; null for a process that has no lease
     */
    News look(@Nullable String owner);

    /**
     * Ends the runs of an owner that is dead, with what was stored of them: CANCELLED if that had been asked for, else ERROR.
     * Those of a paused tree stay as they are, without an owner. Does nothing while the lease lasts.
     *
     * @return the ended ones, as they are now
     */
    List<StoredRun> endRunsOf(String owner);

    /** Gives paused trees of runs away, for any process to go on with. */
    void letGo(String owner, Collection<String> rootRunIds);

    /**
     * Asks for a stop of a run, whoever has it. One that is paused at the top of its tree, and one of a dead owner, is ended
     * here and now; of another the request is kept for its owner, who is told.
     *
     * @return what became of it; empty if there is no such run
     */
    Optional<Asked> ask(String runId, CancelRequest request);

    /** An owner has taken the news about some runs. */
    void taken(String owner, Collection<String> runIds);

    /** Whether the owner of a run has taken all requests to stop it; true also when it has ended. */
    boolean isTaken(String runId);

    /**
     * Makes a paused run at the top of its tree RUNNING under an owner, who goes on with it. Its epoch grows, unless it was that
     * owner's before. All runs below it that have not ended go to the owner too, as they stand, and their epochs grow as well.
     *
     * @param epoch what its epoch must be
     * @return the run as it is now; empty if it is not paused any more, or has another epoch
     */
    Optional<StoredRun> adopt(String runId, long epoch, String owner);

    /**
     * Has {@code listener} told, with the id of an owner, when there may be news for it. A store may do nothing, and may lose
     * some: whoever listens looks now and then in any case.
     *
     * @return ends that
     */
    default AutoCloseable listen(Consumer<String> listener) {
        return () -> {};
    }

    /**
     * What an owner must know.
     *
     * @param stops the requests to stop its runs that it has not taken
     * @param lost its runs that another process has ended or adopted, although its lease lasts
     * @param dead the other owners whose lease is over and that have runs
     */
    record News(List<StopRequests> stops, List<String> lost, List<String> dead) {
        public News {
            stops = List.copyOf(stops);
            lost = List.copyOf(lost);
            dead = List.copyOf(dead);
        }
    }

    /** The requests to stop a run, in their order. */
    record StopRequests(String runId, List<CancelRequest> requests) {
        public StopRequests {
            requests = List.copyOf(requests);
        }
    }

    /**
     * What became of a request to stop a run.
     *
     * @param run the run as it is now
     * @param outcome as {@link dev.rein.run.CancelResult} has it
     * @param taken whether nothing more is needed; otherwise its owner has to take it
     */
    record Asked(StoredRun run, Outcome outcome, boolean taken) {}
}
