package dev.rein.internal.run;

import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.session.SessionPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The order in which runs are admitted: each waits for its session's turn first and for a slot second, so that a run holds a
 * slot only while it can work.
 *
 * <pre>{@code
 *   enter --+--(session is busy, QUEUE)--> WAITING_FOR_TURN
 *           |                                    | those before it have left or paused
 *           |                                    v
 *           +--(no slot is free)---------> WAITING_FOR_SLOT
 *           |                                    | it is the first, and a slot is free
 *           |                                    v               pause
 *           +----------------------------->  ADMITTED  -----------------------> PAUSED
 *           |                                         <-----------------------
 *           |                                                    resume
 *           +--(session is busy, REJECT; too many wait)--> refused
 *
 *   leave: from every state to GONE
 * }</pre>
 *
 * The turns of a session that several processes share are kept in the store: a run of policy QUEUE waits then until the store
 * gives it the turn, whatever other runs of this process do.
 *
 * <p>A session's turn is held by every run of the session that is WAITING_FOR_SLOT or ADMITTED. A run of policy QUEUE waits for
 * those that entered before it and hold the turn; runs of the other policies take part at once. A slot is held by every
 * ADMITTED run that needs one. A pause gives both back; a resumed run takes both again without waiting, even if that is one
 * slot too many.
 *
 * <p>After each step no run waits for a turn that nobody before it holds, and none waits for a slot while one is free. As runs
 * wait only for runs that entered before them, or for runs that work, they never wait for each other.
 *
 * <p>Thread-safe, with a lock of its own under which nothing else is called: it may be entered with the lock of a tree held. An
 * admitted run is signalled by the executor, because the caller may hold the lock of another tree.
 */
final class AdmissionQueue {
    enum State {
        WAITING_FOR_TURN,
        WAITING_FOR_SLOT,
        ADMITTED,
        PAUSED,
        GONE
    }

    /** A session of one store. Stores are told apart by identity. */
    record SessionKey(Object store, String sessionId) {
        @Override
        @SuppressWarnings("ReferenceEquality") // equals of a store would be code of the user's
        public boolean equals(@Nullable Object other) {
            return other instanceof SessionKey key && key.store == store && key.sessionId.equals(sessionId);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(store) + sessionId.hashCode();
        }
    }

    /** The place of one run. */
    static final class Ticket {
        private final String runId;
        private final @Nullable SessionKey session;
        private final SessionPolicy policy;
        private final boolean needsSlot;
        private final int priority;
        private final Runnable onAdmitted;

        /** Whether the store gives it its turn. Guarded by the queue's lock. */
        private boolean turnFromStore;

        /** Whether it counts among the background runs that wait. Guarded by the queue's lock. */
        private boolean isCounted;

        /** Guarded by the queue's lock. */
        private long number;

        /** Written under the queue's lock. */
        private volatile State state = State.GONE;

        /**
         * @param session the session whose turns it takes part in; null for none
         * @param needsSlot whether it counts as a background run
         * @param priority the higher, the sooner it gets a slot
         * @param onAdmitted called once it is admitted, if it had to wait
         */
        Ticket(
                String runId,
                @Nullable SessionKey session,
                SessionPolicy policy,
                boolean needsSlot,
                int priority,
                Runnable onAdmitted) {
            this.runId = runId;
            this.session = session;
            this.policy = policy;
            this.needsSlot = needsSlot;
            this.priority = priority;
            this.onAdmitted = onAdmitted;
        }

        /** The same ticket, for a run that is given its session's turn by the store. To be called before it enters. */
        Ticket withTurnFromStore() {
            turnFromStore = true;
            return this;
        }

        String runId() {
            return runId;
        }

        State state() {
            return state;
        }

        boolean isWaiting() {
            return state == State.WAITING_FOR_TURN || state == State.WAITING_FOR_SLOT;
        }

        private boolean holdsTurn() {
            return state == State.WAITING_FOR_SLOT || state == State.ADMITTED;
        }

        /**
         * Whether it queues behind an earlier run of its session. One that was resumed does not wait for runs that the store
         * makes wait for it.
         */
        private boolean waitsFor(Ticket earlier) {
            return earlier.holdsTurn()
                    || (earlier.state == State.WAITING_FOR_TURN && (turnFromStore || !earlier.turnFromStore));
        }
    }

    private static final Comparator<Ticket> BY_PRIORITY_AND_AGE =
            Comparator.<Ticket>comparingInt(each -> -each.priority).thenComparingLong(each -> each.number);

    private final Executor executor;
    private final Map<SessionKey, Set<Ticket>> sessions = new HashMap<>();
    private final TreeSet<Ticket> slotQueue = new TreeSet<>(BY_PRIORITY_AND_AGE);
    private final Set<Ticket> working = new LinkedHashSet<>();
    private int maxWorking = Integer.MAX_VALUE;
    private int maxWaiting = Integer.MAX_VALUE;
    private int waitingBackground;
    private long nextNumber;

    /** @param executor signals admitted runs */
    AdmissionQueue(Executor executor) {
        this.executor = executor;
    }

    /**
     * Bounds the runs that need a slot.
     *
     * @param newMaxWorking how many may work, at least 1
     * @param newMaxWaiting how many may wait, be it for a turn or for a slot
     */
    void limit(int newMaxWorking, int newMaxWaiting) {
        var admitted = new ArrayList<Ticket>(0);
        synchronized (this) {
            maxWorking = newMaxWorking;
            maxWaiting = newMaxWaiting;
            fillSlots(admitted);
        }
        signal(admitted, Runnable::run);
    }

    /** @throws RunRejectedException if the session is busy and the policy is REJECT, or too many background runs wait */
    synchronized void enter(Ticket ticket) {
        var session = ticket.session == null ? null : sessions.get(ticket.session);
        if (ticket.session != null && session != null && ticket.policy == SessionPolicy.REJECT) {
            throw new RunRejectedException(
                    Reason.SESSION_BUSY,
                    "session " + ticket.session.sessionId() + " runs already (run "
                            + session.iterator().next().runId
                            + "): wait for it, cancel it, or choose another SessionPolicy");
        }
        var state = firstState(ticket, session);
        if (state != State.ADMITTED) {
            count(ticket);
        }
        ticket.number = nextNumber++;
        if (ticket.turnFromStore) {
            state = State.WAITING_FOR_TURN;
        }
        ticket.state = state;
        if (ticket.session != null) {
            sessions.computeIfAbsent(ticket.session, _ -> new LinkedHashSet<>()).add(ticket);
        }
        if (state == State.WAITING_FOR_SLOT) {
            slotQueue.add(ticket);
        } else if (state == State.ADMITTED && ticket.needsSlot) {
            working.add(ticket);
        }
    }

    private void count(Ticket ticket) {
        if (!ticket.needsSlot || ticket.isCounted) {
            return;
        }
        if (waitingBackground >= maxWaiting) {
            throw new RunRejectedException(
                    Reason.QUEUE_FULL,
                    working.size() + " background runs work and " + waitingBackground
                            + " queue, as many as may: try again later, cancel some with Runs.preempt(n), or raise"
                            + " Runs.maxConcurrentRuns");
        }
        waitingBackground++;
        ticket.isCounted = true;
    }

    private void uncount(Ticket ticket) {
        if (ticket.isCounted) {
            waitingBackground--;
            ticket.isCounted = false;
        }
    }

    private State firstState(Ticket ticket, @Nullable Set<Ticket> session) {
        if (ticket.policy == SessionPolicy.QUEUE
                && session != null
                && session.stream().anyMatch(ticket::waitsFor)) {
            return State.WAITING_FOR_TURN;
        }
        return ticket.needsSlot && working.size() >= maxWorking ? State.WAITING_FOR_SLOT : State.ADMITTED;
    }

    /** The run has ended, or was refused. Idempotent. */
    void leave(Ticket ticket) {
        leave(ticket, Runnable::run);
    }

    /**
     * The same for a caller that may hold the lock of the run's tree.
     *
     * @param unlocked calls its argument once that lock is left
     */
    void leave(Ticket ticket, Executor unlocked) {
        var admitted = new ArrayList<Ticket>(0);
        synchronized (this) {
            if (ticket.state == State.GONE) {
                return;
            }
            uncount(ticket);
            slotQueue.remove(ticket);
            working.remove(ticket);
            ticket.state = State.GONE;
            var session = ticket.session == null ? null : sessions.get(ticket.session);
            if (session != null) {
                session.remove(ticket);
                if (session.isEmpty()) {
                    sessions.remove(ticket.session);
                }
            }
            passTurn(session, admitted);
            fillSlots(admitted);
        }
        signal(admitted, unlocked);
    }

    /** The run waits for people: others may take its turn and its slot. */
    void pause(Ticket ticket) {
        pause(ticket, Runnable::run);
    }

    /** The same for a caller that may hold the lock of the run's tree; see {@link #leave(Ticket, Executor)}. */
    void pause(Ticket ticket, Executor unlocked) {
        var admitted = new ArrayList<Ticket>(0);
        synchronized (this) {
            if (ticket.state != State.ADMITTED) {
                return;
            }
            ticket.state = State.PAUSED;
            working.remove(ticket);
            passTurn(ticket.session == null ? null : sessions.get(ticket.session), admitted);
            fillSlots(admitted);
        }
        signal(admitted, unlocked);
    }

    /** The paused run works again. */
    synchronized void resume(Ticket ticket) {
        if (ticket.state != State.PAUSED) {
            return;
        }
        ticket.state = State.ADMITTED;
        if (ticket.needsSlot) {
            working.add(ticket);
        }
    }

    /** Gives the turn to the first run of a session that waits for it, unless one before that holds it. */
    private void passTurn(@Nullable Set<Ticket> session, List<Ticket> admitted) {
        if (session == null) {
            return;
        }
        for (var each : session) {
            if (each.holdsTurn()) {
                return;
            }
            if (each.state == State.WAITING_FOR_TURN && !each.turnFromStore) {
                takeTurn(each, admitted);
                return;
            }
        }
    }

    private void takeTurn(Ticket ticket, List<Ticket> admitted) {
        if (ticket.needsSlot) {
            ticket.state = State.WAITING_FOR_SLOT;
            slotQueue.add(ticket);
        } else {
            ticket.state = State.ADMITTED;
            admitted.add(ticket);
        }
    }

    /**
     * The store has taken a run, which may have to wait for its turn from the store.
     *
     * @throws RunRejectedException if it waits, and too many background runs do
     */
    synchronized void entered(Ticket ticket) {
        // It may have been given its turn already, and wait for a slot.
        if (ticket.isWaiting()) {
            count(ticket);
        }
    }

    /** The store gives a run its turn. Idempotent. */
    void giveTurn(Ticket ticket) {
        var admitted = new ArrayList<Ticket>(0);
        synchronized (this) {
            if (ticket.state != State.WAITING_FOR_TURN) {
                return;
            }
            takeTurn(ticket, admitted);
            fillSlots(admitted);
        }
        signal(admitted, Runnable::run);
    }

    /** The store can't say whose turn it is: a run waits for those of this process only. */
    void withoutStore(Ticket ticket) {
        var admitted = new ArrayList<Ticket>(0);
        synchronized (this) {
            ticket.turnFromStore = false;
            if (ticket.state == State.WAITING_FOR_TURN) {
                passTurn(ticket.session == null ? null : sessions.get(ticket.session), admitted);
                fillSlots(admitted);
            }
        }
        signal(admitted, Runnable::run);
    }

    private void fillSlots(List<Ticket> admitted) {
        while (working.size() < maxWorking && !slotQueue.isEmpty()) {
            var first = slotQueue.removeFirst();
            first.state = State.ADMITTED;
            uncount(first);
            working.add(first);
            admitted.add(first);
        }
    }

    private void signal(List<Ticket> admitted, Executor unlocked) {
        if (!admitted.isEmpty()) {
            unlocked.execute(() -> admitted.forEach(each -> executor.execute(each.onAdmitted)));
        }
    }

    /**
     * The slots at one moment.
     *
     * @param max how many there are; {@code Integer.MAX_VALUE} when they are unbounded
     * @param taken the runs that hold one, the lowest priority first, and of one priority the youngest
     */
    record Slots(int max, List<Ticket> taken) {
        boolean isBounded() {
            return max < Integer.MAX_VALUE;
        }
    }

    Slots slots() {
        int max;
        List<Ticket> taken;
        synchronized (this) {
            max = maxWorking;
            taken = new ArrayList<>(working);
        }
        taken.sort(BY_PRIORITY_AND_AGE.reversed());
        return new Slots(max, taken);
    }
}
