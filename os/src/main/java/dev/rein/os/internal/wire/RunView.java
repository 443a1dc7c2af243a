package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.model.FinishReason;
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
 * A live or stored run in the form shown to clients.
 *
 * @param name the name of the component; null if it has none or is unknown
 * @param model the model of the component; null if there is none or it is unknown
 * @param stepId the workflow step that the run executes; null if none
 * @param text the delivered text
 * @param finishReason why the last response of the model ended; null if there is none or it is unknown
 * @param answerType the name of the type of the answer; null for text
 * @param stoppedAt when the cancelled run ended; null if it was not cancelled or has not ended
 * @param system the system message; null if there is none or it is unknown
 * @param messages the run's own messages, without history
 * @param sessionState the session state; null if unknown
 * @param below the ended child runs: members, or executors of steps
 * @param forkedFrom the run that it follows up, or of which it is a copy in a forked session; null for none
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
        @Nullable FinishReason finishReason,
        @Nullable String answerType,
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
        @Nullable String forkedFrom,
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
                RunMarks.without(run.metadata()),
                run.status(),
                run.text(),
                run.reasoning(),
                run.finishReason(),
                run.answerType(),
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
                RunMarks.follows(run),
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
                RunMarks.without(run.metadata()),
                run.status(),
                run.text(),
                reasoning(run.messages()),
                run.finishReason(),
                run.answerType(),
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
                run.forkedFrom() == null ? RunMarks.follows(run) : run.forkedFrom(),
                run.createdAt());
    }

    /**
     * The stored messages of a paused run contain placeholders for unfinished messages and tool calls, as after a
     * cancel.
     */
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

    /** The child runs that a live run has in its output: members and steps, in the order of their end. */
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

    /** This run, paused with these requirements: it may have been continued by now. */
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
                finishReason,
                answerType,
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
                forkedFrom,
                createdAt);
    }

    boolean isWorkflow() {
        return source == ComponentKind.WORKFLOW;
    }

    /** The status on the wire. */
    String wireStatus() {
        return status == RunStatus.CANCELLING ? RunStatus.RUNNING.name() : status.name();
    }

    /** The content: the text, the failure of a failed run, or the reason of a run cancelled before its first text. */
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

    /** Puts a content of this run: the value of a typed answer, otherwise text. */
    void putContent(ObjectNode node, @Nullable String content) {
        var value = content == null || answerType == null || status != RunStatus.COMPLETED
                ? null
                : WireJson.answer(content);
        if (value != null && value.isContainerNode()) {
            node.set("content", value);
            node.put("content_type", answerType);
        } else {
            WireValues.put(node, "content", content);
            node.put("content_type", "str");
        }
    }

    /** The stage at which the run was cancelled; null if it was not, or if the contract defines none. */
    @Nullable
    String stage() {
        if (status != RunStatus.CANCELLED || cause == null || cause.stage() == null) {
            return null;
        }
        var unknown = cause.kind() == CancelKind.DISCONNECT || cause.kind() == CancelKind.SHUTDOWN;
        return unknown ? null : cause.stage().name();
    }

    /** Finds this run or a descendant by id; null if there is none. */
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
