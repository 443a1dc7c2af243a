package dev.rein.internal.run;

import dev.rein.run.LiveRun;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a run looks like from outside: to its holder, in the list of live runs, and in a store. Under the tree's lock. */
final class RunSnapshots {
    private RunSnapshots() {}

    static RunOutput output(Run run, RunStatus status) {
        var stop = run.scope().stop();
        var isOver = status.isTerminal();
        var delivery = run.delivery();
        var origin = run.origin();
        return new RunOutput(
                run.id(),
                origin.parentRunId(),
                origin.source(),
                origin.componentId(),
                run.sessionId(),
                run.userId(),
                run.plan().input(),
                run.plan().options().metadata(),
                status,
                delivery.text(),
                delivery.reasoning(),
                stop == null ? null : stop.cause,
                stop == null ? null : stop.mode,
                stop == null ? List.of() : stop.requests(),
                stop != null && isOver ? Duration.ofNanos(System.nanoTime() - stop.requestedNanos) : null,
                run.failure(),
                isOver
                        ? delivery.transcript().repaired()
                        : delivery.transcript().messages(),
                delivery.transcript().ownFrom(),
                delivery.tools(),
                run.below().outputs(),
                run.below().progress().results(),
                isOver ? List.of() : run.pausing().requirements(),
                delivery.metrics(),
                run.state().snapshot(),
                run.stateConflicts(),
                run.scope().abandonedThreads(),
                run.isStored(),
                run.createdAt());
    }

    static LiveRun live(Run run, RunStatus status) {
        var origin = run.origin();
        return new LiveRun(
                run.id(),
                origin.rootRunId(),
                origin.parentRunId(),
                origin.source(),
                origin.componentId(),
                run.sessionId(),
                run.userId(),
                status,
                run.scope().doing(),
                Duration.ofNanos(System.nanoTime() - run.scope().doingSince()),
                run.plan().options().priority(),
                run.createdAt());
    }

    static StoredRun row(Run run, RunStatus status) {
        return run.scope().locked(() -> {
            var stop = run.scope().stop();
            var isOver = status.isTerminal();
            var origin = run.origin();
            var row = run.row();
            return new StoredRun(
                    run.id(),
                    origin.parentRunId(),
                    origin.rootRunId(),
                    origin.source(),
                    origin.componentId(),
                    run.sessionId(),
                    run.userId(),
                    status,
                    run.plan().input(),
                    run.delivery().text(),
                    run.delivery().transcript().isEmpty()
                            ? List.of()
                            : run.delivery().transcript().repairedOwn(),
                    run.delivery().tools(),
                    run.below().progress().results(),
                    stop == null ? null : stop.cause,
                    stop == null ? null : stop.mode,
                    run.failure(),
                    isOver ? run.delivery().metrics() : null,
                    run.plan().options().metadata(),
                    run.createdAt(),
                    isOver ? Instant.now() : null,
                    status == RunStatus.PAUSED ? pause(run) : null,
                    row == null ? null : row.owner(),
                    row == null ? 0 : row.epoch(),
                    run.delivery().transcript().system());
        });
    }

    private static StoredPause pause(Run run) {
        var progress = run.below().progress();
        var type = run.plan().answerType();
        return new StoredPause(
                run.pausing().requirements(),
                run.pausing().answered(),
                run.state().snapshot(),
                run.isRoot() ? run.state().changes() : List.of(),
                progress.stored(),
                progress.waitsFor(),
                run.log().next(),
                progress.team(),
                type == null ? null : type.getSimpleName(),
                ResumeBlocker.of(run));
    }
}
