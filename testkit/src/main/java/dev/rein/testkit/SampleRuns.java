package dev.rein.testkit;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelStage;
import dev.rein.model.FinishReason;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import dev.rein.model.ModelSettings;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolChoice;
import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import dev.rein.run.Decision;
import dev.rein.run.Question;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInput;
import dev.rein.run.RunMetrics;
import dev.rein.run.RunStatus;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.TeamTask;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.session.StateChange;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import dev.rein.session.StoredStep;
import dev.rein.session.StoredStep.Stage;
import dev.rein.session.StoredTeam;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows for {@link SessionStoreContract}. */
final class SampleRuns {
    static final Instant NOW = Instant.parse("2025-01-01T10:20:30.123456789Z");

    private SampleRuns() {}

    static StoredRun run(String id, RunStatus status, @Nullable String parent, @Nullable String session) {
        return run(id, status, parent, session, "", NOW);
    }

    static StoredRun run(
            String id,
            RunStatus status,
            @Nullable String parent,
            @Nullable String session,
            String text,
            Instant createdAt) {
        return StoredRun.builder(id, ComponentKind.AGENT, "component")
                .parentRunId(parent)
                .rootRunId(parent == null ? id : parent)
                .sessionId(session)
                .userId("user")
                .status(status)
                .input(RunInput.of("Go"))
                .text(text)
                .messages(text.isEmpty() ? List.of() : List.of(Message.user("Go"), Message.assistant(text)))
                .createdAt(createdAt)
                .endedAt(status.isTerminal() ? createdAt.plusSeconds(5) : null)
                .build();
    }

    /** The same of another owner, and paused. */
    static StoredRun paused(StoredRun run, String owner, long epoch) {
        var requirement = new Requirement(
                "req-1",
                Requirement.Kind.USER_INPUT,
                run.runId(),
                run.componentId(),
                new ToolExecution("call-1", "book", "{}", null, false, NOW, null, null),
                new StepRef("workflow", "run-1", "step-1", "book", List.of(0, 2), null),
                "Which seat?",
                List.of("seat"),
                List.of("aisle", "window"),
                NOW,
                JsonNodeFactory.instance.objectNode().put("type", "object"),
                new Requirement.Terms(
                        StepKind.AGENT,
                        StepOutput.of("1A"),
                        Requirement.Outcome.RETRY,
                        1,
                        3,
                        NOW.plusSeconds(60),
                        Requirement.Outcome.CANCEL));
        return run.toBuilder()
                .status(RunStatus.PAUSED)
                .cause(null)
                .effectiveMode(null)
                .failure(null)
                .metrics(null)
                .endedAt(null)
                .pause(new StoredPause(
                        List.of(requirement),
                        List.of(new StoredPause.Answered(requirement, Decision.input("req-1", Map.of("seat", "1A")))),
                        Map.of("k", List.of(1)),
                        List.of(new StateChange("k", null, List.of(1)), new StateChange("gone", true, null)),
                        List.of(steps()),
                        List.of("run-2"),
                        17,
                        new StoredTeam(
                                List.of(
                                        new StoredTeam.Delegation("call-1", "task-1", "ann", "run-2", null, false),
                                        new StoredTeam.Delegation("call-1", "task-2", "bob", "run-3", "done 🐉", true),
                                        new StoredTeam.Delegation(
                                                "call-1", "task-9", null, null, "there is none", false)),
                                List.of(new TeamTask(
                                        "task-1",
                                        "Book",
                                        "",
                                        "ann",
                                        TeamTask.Status.IN_PROGRESS,
                                        List.of("task-0"),
                                        null,
                                        List.of("soon"))),
                                "nearly",
                                2),
                        "Story",
                        "it is a workflow",
                        new StoredPause.Options(
                                ModelSettings.builder()
                                        .temperature(0.5)
                                        .toolChoice(ToolChoice.of("book"))
                                        .stop("END")
                                        .extra("top_k", IntNode.valueOf(3))
                                        .build(),
                                "gpt-4o",
                                List.of("book"),
                                List.of("customer"))))
                .owner(owner)
                .epoch(epoch)
                .system("Be brief. 🐉")
                .build();
    }

    /** A router in which one choice is over and another one waits. */
    private static StoredStep steps() {
        var output = StepOutput.of("facts").images(List.of(new Image("data:image/png;base64,AAAA")));
        var over = new StoredStep(
                "look",
                "step-1",
                StepKind.FUNCTION,
                0,
                0,
                Stage.ENDED,
                output,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
        var asks = new StoredStep(
                "book",
                "step-2",
                StepKind.AGENT,
                2,
                1,
                Stage.STARTED,
                null,
                Decision.confirm("req-0"),
                "req-1",
                "run-2",
                null,
                Map.of("k", List.of(2)),
                new Decision.Rejection(1, "not by train", output),
                List.of());
        return new StoredStep(
                "way",
                "step-0",
                StepKind.ROUTER,
                0,
                0,
                Stage.STARTED,
                null,
                null,
                null,
                null,
                List.of("look", "book"),
                null,
                null,
                List.of(over, asks));
    }

    /** Some text that a run has delivered. */
    static RunEvent event(String rootRunId, long index, String text) {
        var origin = new Origin(ComponentKind.AGENT, "component", null, rootRunId, null, rootRunId, "s", 0, null);
        return new RunContent(new EventMeta(origin, index, NOW.plusNanos(index)), text, null);
    }

    /** A run with everything that a run can have. */
    static StoredRun full(String id, String session) {
        var picture = new Image("data:image/png;base64,AAAA");
        var signature = new ProviderData("Provider", "model-1", "api.example.com/v1", TextNode.valueOf("signed"));
        var file = new InputFile("report.pdf", "application/pdf", "AAAA");
        var call = new ToolCall("call-1", "search", "{\"q\": \"dragons\"}", signature);
        var step = new StepOutput(
                "research",
                "step-1",
                StepKind.AGENT,
                "researcher",
                "run-2",
                "facts",
                List.of(),
                true,
                null,
                false,
                List.of());
        return StoredRun.builder(id, ComponentKind.WORKFLOW, "article-workflow")
                .sessionId(session)
                .status(RunStatus.CANCELLED)
                .input(new RunInput("Draw", List.of(picture), List.of(file)))
                .text("Once upon")
                .finishReason(FinishReason.LENGTH)
                .rawFinishReason("max_tokens")
                .answerType("List<Story>")
                .messages(List.of(
                        Message.user("Draw", List.of(picture), List.of(file)),
                        Message.assistant("", "hm", List.of(call)).withProviderData(signature),
                        Message.tool(call, "not started", true).asInterrupted(),
                        Message.assistant("Once upon").asInterrupted()))
                .tools(List.of(
                        new ToolExecution(
                                "call-1",
                                "search",
                                "{}",
                                "found",
                                false,
                                NOW,
                                Duration.ofNanos(1_500_000_001),
                                "run-3",
                                Question.input("Which ones?", "q"),
                                Decision.input("requirement-1", Map.of("q", "small dragons")),
                                true),
                        new ToolExecution("call-2", "search", "{", null, false, NOW, null, null)))
                .steps(List.of(new StepOutput(
                        "all",
                        "step-0",
                        StepKind.PARALLEL,
                        null,
                        null,
                        "",
                        List.of(picture),
                        false,
                        "one failed",
                        true,
                        List.of(step))))
                .cause(new CancelCause(CancelKind.DEADLINE, "too long", "the clock", NOW, CancelStage.PAUSED))
                .effectiveMode(CancelMode.AFTER_TURN)
                .failure(new RunFailure("SocketException", "gone", null, "a guardrail"))
                .metrics(new RunMetrics(
                        new Usage(1, 2, 3, 4),
                        true,
                        5,
                        6,
                        Duration.ofMillis(7),
                        null,
                        null,
                        new Usage(10, 20, 30, 40),
                        0.25))
                .metadata(Map.of("ticket", 17, "tags", List.of("a", "b"), "deep", Map.of("yes", true)))
                .createdAt(NOW)
                .endedAt(NOW.plusNanos(1))
                .build();
    }
}
