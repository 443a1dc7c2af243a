package dev.rein.os.internal.wire;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.Role;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInput;
import dev.rein.run.RunMetrics;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.ToolExecution;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is shown, whether it is live or stored.
 *
 * @param name its component's name; null when it has none or is not known
 * @param model the model that its component asks; null when there is none, or it is not known
 * @param stepId the step of a workflow that it executes; null when it executes none
 * @param text what it has delivered
 * @param stoppedAt when its stop was done; null when it was not stopped, or has not ended
 * @param system the system message; null when there is none, or it is not known
 * @param messages its own part of the conversation
 * @param sessionState null when it is not known
 * @param below the ended runs right below it: members, or the executors of its steps
 */
record RunView(
        String runId,
        @Nullable String parentRunId,
        ComponentKind source,
        String componentId,
        @Nullable String name,
        @Nullable Model model,
        @Nullable String stepId,
        @Nullable String sessionId,
        @Nullable String userId,
        RunInput input,
        Map<String, Object> metadata,
        RunStatus status,
        String text,
        @Nullable String reasoning,
        @Nullable CancelCause cause,
        @Nullable CancelMode mode,
        @Nullable Instant stoppedAt,
        @Nullable RunFailure failure,
        @Nullable Message system,
        List<Message> messages,
        List<ToolExecution> tools,
        List<RunView> below,
        List<StepOutput> steps,
        List<Requirement> requirements,
        @Nullable RunMetrics metrics,
        @Nullable Map<String, Object> sessionState,
        Instant createdAt) {

    static RunView of(RunOutput run, ComponentCatalog catalog) {
        return of(run, catalog, null);
    }

    private static RunView of(RunOutput run, ComponentCatalog catalog, @Nullable String stepId) {
        var all = run.messages();
        var own = Math.min(run.historySize(), all.size());
        var first = all.isEmpty() || own == 0 ? null : all.getFirst();
        return new RunView(
                run.runId(),
                run.parentRunId(),
                run.source(),
                run.componentId(),
                catalog.name(run.source(), run.componentId()),
                catalog.model(run.source(), run.componentId()),
                stepId,
                run.sessionId(),
                run.userId(),
                run.input(),
                run.metadata(),
                run.status(),
                run.text(),
                run.reasoning(),
                run.cause(),
                run.effectiveMode(),
                run.cause() == null || run.stopTook() == null
                        ? null
                        : run.cause().requestedAt().plus(run.stopTook()),
                run.failure(),
                first != null && first.role() == Role.SYSTEM ? first : null,
                all.subList(own, all.size()),
                run.tools(),
                run.memberResponses().stream()
                        .map(below -> of(below, catalog, stepOf(below.runId(), run.steps())))
                        .toList(),
                run.steps(),
                run.requirements(),
                run.metrics(),
                run.sessionState(),
                run.createdAt());
    }

    static RunView of(StoredRun run, StoredRunContext with, ComponentCatalog catalog) {
        return of(run, with, catalog, null);
    }

    private static RunView of(StoredRun run, StoredRunContext with, ComponentCatalog catalog, @Nullable String stepId) {
        return new RunView(
                run.runId(),
                run.parentRunId(),
                run.source(),
                run.componentId(),
                catalog.name(run.source(), run.componentId()),
                catalog.model(run.source(), run.componentId()),
                stepId,
                run.sessionId(),
                run.userId(),
                run.input(),
                run.metadata(),
                run.status(),
                run.text(),
                reasoning(run.messages()),
                run.cause(),
                run.effectiveMode(),
                run.cause() == null ? null : run.endedAt(),
                run.failure(),
                run.system() == null ? null : Message.system(run.system()),
                run.status() == RunStatus.PAUSED ? withoutStandIns(run.messages()) : run.messages(),
                run.tools(),
                below(run, with)
                        .map(below -> of(below, with, catalog, stepOf(below.runId(), run.steps())))
                        .toList(),
                run.steps(),
                run.pause() == null ? List.of() : run.pause().requirements(),
                run.metrics(),
                run.pause() == null ? with.sessionState() : run.pause().state(),
                run.createdAt());
    }

    /** The row of a paused run is kept as if it were stopped: with stand-ins for what had not been said and done. */
    private static List<Message> withoutStandIns(List<Message> messages) {
        return messages.stream().filter(message -> !message.interrupted()).toList();
    }

    private static @Nullable String reasoning(List<Message> messages) {
        var all = messages.stream()
                .map(Message::reasoning)
                .filter(Objects::nonNull)
                .collect(Collectors.joining());
        return all.isEmpty() ? null : all;
    }

    /** The runs that a live run has among its outputs: those of members and steps, in the order of their end. */
    private static Stream<StoredRun> below(StoredRun run, StoredRunContext with) {
        if (run.source() == ComponentKind.AGENT) {
            return Stream.empty();
        }
        return with.below().stream()
                .filter(each ->
                        run.runId().equals(each.parentRunId()) && each.status().isTerminal())
                .sorted(Comparator.comparing(each -> Objects.requireNonNullElse(each.endedAt(), each.createdAt())));
    }

    private static @Nullable String stepOf(String runId, List<StepOutput> steps) {
        for (var step : steps) {
            if (runId.equals(step.runId())) {
                return step.stepId();
            }
            var inner = stepOf(runId, step.steps());
            if (inner != null) {
                return inner;
            }
        }
        return null;
    }

    /** The same, waiting for these: by now it may go on already. */
    RunView paused(List<Requirement> waitingFor) {
        return new RunView(
                runId,
                parentRunId,
                source,
                componentId,
                name,
                model,
                stepId,
                sessionId,
                userId,
                input,
                metadata,
                RunStatus.PAUSED,
                text,
                reasoning,
                cause,
                mode,
                stoppedAt,
                failure,
                system,
                messages,
                tools,
                below,
                steps,
                waitingFor,
                metrics,
                sessionState,
                createdAt);
    }

    boolean isWorkflow() {
        return source == ComponentKind.WORKFLOW;
    }

    /** Where the old wire says that it stands. */
    String wireStatus() {
        return status == RunStatus.CANCELLING ? RunStatus.RUNNING.name() : status.name();
    }

    /** What it says: its text; of a failed one why, and of a stopped one that had nothing to say yet too. */
    @Nullable
    String content() {
        if (failure != null && status == RunStatus.ERROR) {
            return failure.message();
        }
        if (!text.isEmpty()) {
            return text;
        }
        return switch (status) {
            case COMPLETED -> text;
            case CANCELLED -> cause == null || "PENDING".equals(stage()) ? null : cause.reason();
            default -> null;
        };
    }

    /** How far it had come when it was stopped; null when it was not, and where the contract has none. */
    @Nullable
    String stage() {
        if (status != RunStatus.CANCELLED || cause == null || cause.stage() == null) {
            return null;
        }
        var unknown = cause.kind() == CancelKind.DISCONNECT || cause.kind() == CancelKind.SHUTDOWN;
        return unknown ? null : cause.stage().name();
    }

    /** The run of this id: this one, or one below it; null when it is neither. */
    @Nullable
    RunView find(String id) {
        if (runId.equals(id)) {
            return this;
        }
        for (var each : below) {
            var found = each.find(id);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
