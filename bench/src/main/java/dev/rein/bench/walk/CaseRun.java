package dev.rein.bench.walk;

import dev.rein.bench.walk.Plan.Answer;
import dev.rein.bench.walk.Plan.Trigger;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.runtime.Component;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunStream;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs the component of one case to its end, while it is read, answered and stopped as the plan says. */
final class CaseRun {
    /** A case whose run has not ended by then hangs. Most take milliseconds. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MOST_PAUSES = 25;

    private final Plan plan;
    private final @Nullable SessionStore store;
    private final String id;
    private final Component component;
    private final Journal journal;
    private final EventCollector events;
    private final Stopper stopper;
    private final List<Thread> readers = new ArrayList<>();
    private volatile @Nullable RunHandle handle;
    private volatile @Nullable RunStream stream;
    private volatile @Nullable Thread owner;
    private @Nullable CompletableFuture<Optional<RunOutput>> owned;
    private boolean watched;
    private int pauses;

    CaseRun(Plan plan, @Nullable SessionStore store, String id) {
        this.plan = plan;
        this.store = store;
        this.id = id;
        this.journal = new Journal(number -> reached(Trigger.CODE, number));
        this.events = new EventCollector(number -> reached(Trigger.EVENT, number));
        this.component = new ComponentFactory(journal).root(plan.root(), store, plan.storeEvents());
        this.stopper = new Stopper(this);
    }

    private void reached(Trigger trigger, int number) {
        if (trigger == Trigger.CODE && number == 0) {
            // At the latest now the run is live: its handle can be had.
            findHandle();
        }
        stopper.reached(trigger, number);
    }

    Plan plan() {
        return plan;
    }

    String id() {
        return id;
    }

    String sessionId() {
        return "session-" + id;
    }

    String userId() {
        return "user-" + id;
    }

    Component component() {
        return component;
    }

    Journal journal() {
        return journal;
    }

    @Nullable
    SessionStore store() {
        return store;
    }

    Optional<RunHandle> handle() {
        return Optional.ofNullable(handle);
    }

    Optional<RunStream> stream() {
        return Optional.ofNullable(stream);
    }

    void interruptOwner() {
        var current = owner;
        if (current != null) {
            current.interrupt();
        }
    }

    /**
     * @return what is known of it when it has ended; empty if it was paused and then stopped before anybody could ask for its
     *     handle
     */
    Optional<Outcome> toTheEnd() throws InterruptedException {
        stopper.begin();
        start();
        var output = settled();
        while (output.isPresent() && !output.get().status().isTerminal()) {
            // Else a stop has just ended its pause, and its end is on the way.
            if (output.get().isPaused()) {
                answer(output.get());
            }
            output = settled();
        }
        stopper.end(PATIENCE);
        for (var reader : readers) {
            if (!reader.join(PATIENCE)) {
                throw new Breach("rule 5: a subscriber's stream does not end");
            }
        }
        collectTheRest();
        return output.map(last -> new Outcome(this, last, events.events(), watched && !events.isExpired()));
    }

    // ---- starting

    private RunOptions options() {
        var options = RunOptions.defaults()
                .runId(id)
                .sessionId(sessionId())
                .userId(userId())
                .sessionState(Map.of("begun", true))
                .limits(plan.limits());
        return switch (plan.reader().goesOn()) {
            case CANCEL -> options;
            case CANCEL_LATER -> options.onDisconnect(DisconnectPolicy.cancelAfter(Duration.ofMillis(5)));
            case CONTINUE -> options.onDisconnect(DisconnectPolicy.CONTINUE);
        };
    }

    private void start() throws InterruptedException {
        switch (plan.form()) {
            case RUN -> {
                own(() -> Optional.of(component.run("Work", options())));
                awaitHandle();
            }
            case STREAM -> {
                var opened = new CompletableFuture<RunStream>();
                own(() -> {
                    try (var mine = component.stream("Work", options())) {
                        stream = mine;
                        opened.complete(mine);
                        return read(mine);
                    } finally {
                        opened.cancel(false);
                    }
                });
                awaitHandle();
            }
            case START -> follow(component.start("Work", options()));
        }
    }

    private interface Code {
        Optional<RunOutput> call() throws Exception;
    }

    /** Has a thread of its own wait for the run. */
    private void own(Code code) {
        var result = new CompletableFuture<Optional<RunOutput>>();
        owned = result;
        var thread = Thread.ofPlatform().daemon().name("walk-owner").unstarted(() -> {
            try {
                result.complete(code.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        owner = thread;
        thread.start();
    }

    private void awaitHandle() {
        var result = owned;
        findHandle();
        while (handle == null && result != null && !result.isDone()) {
            Thread.onSpinWait();
            findHandle();
        }
    }

    private void findHandle() {
        if (handle == null) {
            Runs.shared().handle(id).ifPresent(this::follow);
        }
    }

    private synchronized void follow(RunHandle found) {
        if (handle != null) {
            return;
        }
        handle = found;
        watched = true;
        events.follow(found);
        var listener = plan.listener();
        if (listener != null) {
            listen(found, listener);
        }
        for (var i = 0; i < plan.reader().others(); i++) {
            var leavesAfter = i == 0 ? 3 : Integer.MAX_VALUE;
            readers.add(Thread.ofVirtual().name("walk-subscriber").start(() -> subscribe(found, leavesAfter)));
        }
    }

    private void listen(RunHandle to, Act act) {
        try {
            to.onEnd(_ -> UserCode.afterwards(act));
        } catch (RuntimeException | Error e) {
            // The run had ended already: the listener was called at once, and throws to this thread.
        } finally {
            Thread.interrupted();
        }
    }

    private void subscribe(RunHandle to, int leavesAfter) {
        try (var subscription = to.events()) {
            var seen = 0;
            for (var _ : subscription) {
                Naps.deaf(Math.min(plan.reader().millis(), 1));
                if (++seen >= leavesAfter) {
                    return;
                }
            }
        } catch (dev.rein.runtime.StreamExpiredException e) {
            // It was too slow.
        }
    }

    /** @return empty if the owner has left before the end */
    private Optional<RunOutput> read(RunStream from) {
        var seen = 0;
        for (var _ : from) {
            if (seen == plan.reader().leavesAfter()) {
                return Optional.empty();
            }
            if (++seen <= 20) {
                Naps.deaf(plan.reader().millis());
            }
        }
        return Optional.of(from.output());
    }

    // ---- waiting and answering

    /** @return the output of the run, which is paused or has ended; empty if nobody has it */
    private Optional<RunOutput> settled() throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var output = ofOwner(deadline);
        // An owner may have left a run that goes on.
        findHandle();
        var known = handle;
        if (known != null) {
            try {
                output = Optional.of(known.await(left(deadline)));
            } catch (TimeoutException e) {
                throw hangs(known.status().toString());
            }
            events.await(PATIENCE);
        }
        // Without a handle the run had ended before anybody could ask for one.
        return known != null
                ? output
                : output.or(() -> stream().map(RunStream::output)).filter(CaseRun::isSettled);
    }

    private static boolean isSettled(RunOutput output) {
        return output.isPaused() || output.status().isTerminal();
    }

    private Optional<RunOutput> ofOwner(long deadline) throws InterruptedException {
        var result = owned;
        if (result == null) {
            return Optional.empty();
        }
        try {
            return result.get(left(deadline).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw hangs("still owned");
        } catch (ExecutionException e) {
            throw new Breach("running it threw " + e.getCause(), e);
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }

    private Breach hangs(String where) {
        return new Breach("rule 3: the run has neither ended nor paused after " + PATIENCE + ": " + where + ", "
                + Runs.shared().find(id));
    }

    private void answer(RunOutput paused) throws InterruptedException {
        findHandle();
        owned = null;
        owner = null;
        var answer = pauses < MOST_PAUSES
                ? plan.answers().get(pauses % plan.answers().size())
                : Answer.LEAVE;
        pauses++;
        if (answer == Answer.LEAVE) {
            var request = CancelRequest.now().reason("nobody answers");
            journal.stopped(request, Runs.shared().cancel(id, request));
            return;
        }
        var asked = paused.requirements();
        if (answer == Answer.PARTLY && pauses < MOST_PAUSES / 2) {
            asked = asked.subList(0, 1);
        }
        var decisions = asked.stream().map(each -> decision(each, answer)).toArray(Decision[]::new);
        Arrays.stream(decisions)
                .filter(each -> each.action() != Decision.Action.REJECT)
                .forEach(_ -> journal.accepted());
        try {
            if (answer == Answer.ACCEPT_AND_STREAM) {
                var next = component.continueStream(id, decisions);
                stream = next;
                own(() -> {
                    try (next) {
                        return read(next);
                    }
                });
                handle().ifPresent(events::follow);
            } else {
                var next = component.continueRun(id, decisions);
                handle = next;
                events.follow(next);
            }
        } catch (RunRejectedException e) {
            if (e.reason() != RunRejectedException.Reason.NOT_ASKED) {
                throw new Breach("a decision was refused: " + e, e);
            }
            // Stopped meanwhile.
        }
    }

    private static Decision decision(Requirement asked, Answer answer) {
        if (answer == Answer.REJECT) {
            return Decision.reject(asked.id());
        }
        return switch (asked.kind()) {
            case CONFIRMATION -> Decision.confirm(asked.id());
            case USER_INPUT -> Decision.input(asked.id(), Map.of("value", "given"));
            case EXTERNAL_EXECUTION -> Decision.result(asked.id(), "done elsewhere");
            case ERROR -> asked.id().hashCode() % 2 == 0 ? Decision.skip(asked.id()) : Decision.retry(asked.id());
            case ROUTE -> Decision.choose(asked.id(), asked.choices().getFirst());
            case REVIEW ->
                asked.id().hashCode() % 2 == 0
                        ? Decision.confirm(asked.id())
                        : Decision.edit(asked.id(), "edited output");
        };
    }

    private void collectTheRest() throws InterruptedException {
        var known = handle;
        if (known != null && !events.isOver() && !events.isExpired()) {
            events.follow(known);
            events.await(PATIENCE);
        }
    }
}
