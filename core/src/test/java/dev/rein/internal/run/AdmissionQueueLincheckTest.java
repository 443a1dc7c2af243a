package dev.rein.internal.run;

import dev.rein.internal.run.AdmissionQueue.SessionKey;
import dev.rein.internal.run.AdmissionQueue.State;
import dev.rein.internal.run.AdmissionQueue.Ticket;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.session.SessionPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every interleaving of arrivals, pauses and ends admits the runs that {@link Specification} admits in some order of the same
 * steps, one after the other. The specification says in one place when a run may work; so none waits that may.
 */
class AdmissionQueueLincheckTest {
    private static final int SLOTS = 1;
    private static final int WAITING = 3;

    /** The runs: what each needs to work. */
    enum Applicant {
        QUEUED(SessionPolicy.QUEUE, true, 0),
        URGENT(SessionPolicy.QUEUE, true, 9),
        FOREGROUND(SessionPolicy.QUEUE, false, 0),
        ALONE(SessionPolicy.REJECT, true, 1),
        BESIDE(SessionPolicy.ALLOW, true, -1),
        UNRELATED(SessionPolicy.ALLOW, true, 5);

        private final SessionPolicy policy;
        private final boolean needsSlot;
        private final int priority;

        Applicant(SessionPolicy policy, boolean needsSlot, int priority) {
            this.policy = policy;
            this.needsSlot = needsSlot;
            this.priority = priority;
        }

        private boolean hasSession() {
            return this != UNRELATED;
        }
    }

    /** The queue, with one slot and one session. */
    @Param(name = "applicant", gen = IntGen.class, conf = "0:5")
    public static class Machine {
        private final AdmissionQueue queue = new AdmissionQueue(Runnable::run);
        private final List<Ticket> tickets;

        public Machine() {
            queue.limit(SLOTS, WAITING);
            var session = new SessionKey(queue, "session");
            tickets = Stream.of(Applicant.values())
                    .map(each -> new Ticket(
                            each.name(),
                            each.hasSession() ? session : null,
                            each.policy,
                            each.needsSlot,
                            each.priority,
                            () -> {}))
                    .toList();
        }

        private String enter(Applicant applicant) {
            try {
                queue.enter(tickets.get(applicant.ordinal()));
                return "entered";
            } catch (RunRejectedException e) {
                return e.reason().name();
            }
        }

        @Operation(runOnce = true)
        public String queued() {
            return enter(Applicant.QUEUED);
        }

        @Operation(runOnce = true)
        public String urgent() {
            return enter(Applicant.URGENT);
        }

        @Operation(runOnce = true)
        public String foreground() {
            return enter(Applicant.FOREGROUND);
        }

        @Operation(runOnce = true)
        public String alone() {
            return enter(Applicant.ALONE);
        }

        @Operation(runOnce = true)
        public String beside() {
            return enter(Applicant.BESIDE);
        }

        @Operation(runOnce = true)
        public String unrelated() {
            return enter(Applicant.UNRELATED);
        }

        @Operation
        public void leave(@Param(name = "applicant") int applicant) {
            queue.leave(tickets.get(applicant));
        }

        @Operation
        public void pause(@Param(name = "applicant") int applicant) {
            queue.pause(tickets.get(applicant));
        }

        @Operation
        public void resume(@Param(name = "applicant") int applicant) {
            queue.resume(tickets.get(applicant));
        }

        @Operation
        public String states() {
            synchronized (queue) {
                return tickets.stream().map(Ticket::state).toList().toString();
            }
        }
    }

    /** The same by rules instead of transitions. */
    public static class Specification {
        /** Those that have entered and not left, in the order of their arrival. */
        private final List<Applicant> present = new ArrayList<>();

        private final State[] states = new State[Applicant.values().length];

        public Specification() {
            java.util.Arrays.fill(states, State.GONE);
        }

        private State state(Applicant applicant) {
            return states[applicant.ordinal()];
        }

        private boolean isWaiting(Applicant applicant) {
            return state(applicant) == State.WAITING_FOR_TURN || state(applicant) == State.WAITING_FOR_SLOT;
        }

        private long working() {
            return present.stream()
                    .filter(each -> each.needsSlot && state(each) == State.ADMITTED)
                    .count();
        }

        private boolean hasTurn(Applicant applicant) {
            return applicant.policy != SessionPolicy.QUEUE
                    || present.subList(0, present.indexOf(applicant)).stream()
                            .noneMatch(each -> each.hasSession() && state(each) != State.PAUSED);
        }

        /** Whoever has the turn takes a slot if it needs one and one is free, the most important first. */
        private void settle() {
            for (var each : present) {
                if (state(each) == State.WAITING_FOR_TURN && hasTurn(each)) {
                    states[each.ordinal()] = each.needsSlot ? State.WAITING_FOR_SLOT : State.ADMITTED;
                }
            }
            present.stream()
                    .filter(each -> state(each) == State.WAITING_FOR_SLOT)
                    .sorted(Comparator.comparingInt(each -> -each.priority))
                    .limit(Math.max(0, SLOTS - working()))
                    .forEach(each -> states[each.ordinal()] = State.ADMITTED);
        }

        private String enter(Applicant applicant) {
            if (applicant.policy == SessionPolicy.REJECT && present.stream().anyMatch(Applicant::hasSession)) {
                return Reason.SESSION_BUSY.name();
            }
            present.add(applicant);
            states[applicant.ordinal()] = State.WAITING_FOR_TURN;
            settle();
            var waiting = present.stream()
                    .filter(each -> each.needsSlot && isWaiting(each))
                    .count();
            if (applicant.needsSlot && isWaiting(applicant) && waiting > WAITING) {
                leave(applicant.ordinal());
                return Reason.QUEUE_FULL.name();
            }
            return "entered";
        }

        public String queued() {
            return enter(Applicant.QUEUED);
        }

        public String urgent() {
            return enter(Applicant.URGENT);
        }

        public String foreground() {
            return enter(Applicant.FOREGROUND);
        }

        public String alone() {
            return enter(Applicant.ALONE);
        }

        public String beside() {
            return enter(Applicant.BESIDE);
        }

        public String unrelated() {
            return enter(Applicant.UNRELATED);
        }

        public void leave(int applicant) {
            states[applicant] = State.GONE;
            present.remove(Applicant.values()[applicant]);
            settle();
        }

        public void pause(int applicant) {
            if (states[applicant] == State.ADMITTED) {
                states[applicant] = State.PAUSED;
                settle();
            }
        }

        public void resume(int applicant) {
            if (states[applicant] == State.PAUSED) {
                states[applicant] = State.ADMITTED;
            }
        }

        public String states() {
            return List.of(states).toString();
        }
    }

    @Test
    @Timeout(120)
    void whoeverMayWorkIsAdmitted() {
        // A run arrives once: nothing may be used up before the threads begin.
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(1)
                .sequentialSpecification(Specification.class)
                .check(Machine.class);
    }
}
