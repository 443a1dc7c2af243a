package dev.rein.internal.run;

import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.storing.RunRecord;
import dev.rein.queue.Checkpoints;
import dev.rein.run.CancelResult;
import dev.rein.run.LiveRun;
import dev.rein.run.RunFailure;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run looks like from outside: to its holder, in the list of live runs, and in a store. Under the tree's lock. */
final class RunSnapshots {
    private RunSnapshots() {}

    /** The status that is shown of a run that has not ended: what has been decided is seen once it is stored. */
    static RunStatus visible(RunStatus status) {
        return switch (status) {
            case CANCELLED -> RunStatus.CANCELLING;
            case COMPLETED, ERROR -> RunStatus.RUNNING;
            default -> status;
        };
    }

    /** The final output, or else the state so far. Not called under the lock. */
    static RunOutput output(Run run) {
        var last = run.outcome().output();
        if (last != null) {
            return last;
        }
        run.refresh();
        return run.locked(() -> output(run, visible(run.scope().status())));
    }

    /** The output of a run that has ended or is paused; null while it works. Not called under the lock. */
    static @Nullable RunOutput atRest(Run run) {
        var last = run.outcome().output();
        if (last != null) {
            return last;
        }
        run.refresh();
        return run.<@Nullable RunOutput>locked(() -> {
            var ended = run.outcome().output();
            return ended != null || !run.scope().isPaused()
                    ? ended
                    : output(run, visible(run.scope().status()));
        });
    }

    static RunOutput output(Run run, RunStatus status) {
        var stop = run.scope().stop();
        var isOver = status.isTerminal();
        var delivery = run.delivery();
        var origin = run.origin();
        return RunOutput.builder(run.id(), origin.source(), origin.componentId())
                .parentRunId(origin.parentRunId())
                .sessionId(run.sessionId())
                .userId(run.userId())
                .input(run.guardrails().input())
                .metadata(run.identity().metadata())
                .status(status)
                .text(delivery.text())
                .finishReason(delivery.finishReason())
                .rawFinishReason(delivery.rawFinishReason())
                .answerType(answerType(run))
                .reasoning(delivery.reasoning())
                .cause(stop == null ? null : stop.cause)
                .effectiveMode(stop == null ? null : stop.mode)
                .requests(stop == null ? List.of() : stop.requests())
                .stopTook(stop != null && isOver ? Duration.ofNanos(System.nanoTime() - stop.requestedNanos) : null)
                .failure(run.outcome().failure())
                .messages(
                        isOver
                                ? delivery.transcript().repaired()
                                : delivery.transcript().messages())
                .historySize(delivery.transcript().ownFrom())
                .tools(delivery.tools())
                .memberResponses(run.childRuns().outputs())
                .steps(run.childRuns().progress().results())
                .requirements(isOver ? List.of() : run.pausing().requirements())
                .metrics(delivery.metrics())
                .sessionState(run.state().snapshot())
                .stateConflicts(run.outcome().conflicts())
                .abandoned(run.scope().abandonedThreads())
                .stored(run.outcome().isStored())
                .createdAt(run.identity().createdAt())
                .build();
    }

    /** What a run has come to whose output could not be made. */
    static RunOutput failed(Run run, RunFailure failure) {
        var origin = run.origin();
        return RunOutput.builder(run.id(), origin.source(), origin.componentId())
                .parentRunId(origin.parentRunId())
                .sessionId(run.sessionId())
                .userId(run.userId())
                .input(run.guardrails().input())
                .status(RunStatus.ERROR)
                .failure(failure)
                .metrics(run.delivery().metrics())
                .createdAt(run.identity().createdAt())
                .build();
    }

    /** What a request to stop a run is answered. */
    static CancelResult cancelResult(Run run, CancelRequest request, CancelResult.Outcome outcome) {
        var note = request.mode() == CancelMode.AFTER_STEP
                        && !run.plan().kind().hasSteps()
                        && run.origin().step() == null
                ? "outside a workflow AFTER_STEP means AFTER_TURN"
                : null;
        return run.locked(() -> {
            var stop = run.scope().stop();
            return new CancelResult(
                    run.id(),
                    outcome,
                    run.scope().status(),
                    stop == null ? null : stop.mode,
                    stop == null ? null : stop.cause,
                    note);
        });
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
                run.identity().createdAt(),
                run.delivery().metrics());
    }

    static StoredRun row(Run run, RunStatus status) {
        return run.scope().locked(() -> {
            var stop = run.scope().stop();
            var isOver = status.isTerminal();
            var origin = run.origin();
            var row = run.record();
            return StoredRun.builder(run.id(), origin.source(), origin.componentId())
                    .parentRunId(origin.parentRunId())
                    .rootRunId(origin.rootRunId())
                    .sessionId(run.sessionId())
                    .userId(run.userId())
                    .status(status)
                    .input(run.guardrails().input())
                    .text(run.delivery().text())
                    .finishReason(run.delivery().finishReason())
                    .rawFinishReason(run.delivery().rawFinishReason())
                    .answerType(answerType(run))
                    .messages(
                            run.delivery().transcript().isEmpty()
                                    ? List.of()
                                    : run.delivery().transcript().repairedOwn())
                    .tools(run.delivery().tools())
                    .steps(run.childRuns().progress().results())
                    .cause(stop == null ? null : stop.cause)
                    .effectiveMode(stop == null ? null : stop.mode)
                    .failure(run.outcome().failure())
                    .metrics(isOver ? run.delivery().metrics() : null)
                    .metadata(run.identity().metadata())
                    .createdAt(run.identity().createdAt())
                    .endedAt(isOver ? Instant.now() : null)
                    .pause(status == RunStatus.PAUSED || (!isOver && hasCheckpoints(row)) ? pause(run) : null)
                    .owner(row == null ? null : row.owner())
                    .epoch(row == null ? 0 : row.epoch())
                    .system(run.delivery().transcript().system())
                    .build();
        });
    }

    private static boolean hasCheckpoints(@Nullable RunRecord row) {
        var checkpoints = row == null ? null : row.checkpoints();
        return checkpoints != null && checkpoints.has(Checkpoints.STEP);
    }

    private static StoredPause pause(Run run) {
        var progress = run.childRuns().progress();
        var type = run.plan().answerType();
        return new StoredPause(
                run.pausing().requirements(),
                run.pausing().answered(),
                run.state().snapshot(),
                run.isRoot() ? run.state().changes() : List.of(),
                progress.stored(),
                progress.pausedChildren(),
                run.log().next(),
                progress.team(),
                type == null ? null : type.toString(),
                RunBlocker.of(run),
                options(run.plan().options()));
    }

    private static @Nullable String answerType(Run run) {
        var type = run.plan().answerType();
        return type == null ? null : type.name();
    }

    /** What a resume must know of the options of a run; null if nothing. */
    private static StoredPause.@Nullable Options options(RunOptions options) {
        var forModel = options.modelOptions();
        var model = forModel.model();
        return forModel.isEmpty() && options.dependencies().isEmpty()
                ? null
                : new StoredPause.Options(
                        forModel.settings(),
                        model == null ? null : model.id(),
                        forModel.toolNames(),
                        List.copyOf(options.dependencies().keySet()));
    }
}
