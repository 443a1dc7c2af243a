package dev.rein.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.FinishReason;
import dev.rein.model.Message;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunOutputTest {
    private static final RunOutput OUTPUT = RunOutput.builder("run-1", ComponentKind.AGENT, "writer")
            .status(RunStatus.COMPLETED)
            .createdAt(Instant.EPOCH)
            .build();

    private static final Requirement REQUIREMENT = new Requirement(
            "requirement-1",
            Requirement.Kind.CONFIRMATION,
            "run-1",
            "writer",
            null,
            null,
            "May I publish?",
            List.of(),
            List.of(),
            Instant.EPOCH);

    /** One change for each field. */
    static List<UnaryOperator<RunOutput.Builder>> changes() {
        return List.of(
                output -> output.runId("run-2"),
                output -> output.parentRunId("run-2"),
                output -> output.source(ComponentKind.TEAM),
                output -> output.componentId("editor"),
                output -> output.sessionId("session"),
                output -> output.userId("user"),
                output -> output.input(RunInput.of("Stay")),
                output -> output.metadata(Map.of("ticket", 17)),
                output -> output.status(RunStatus.ERROR),
                output -> output.text("Once upon"),
                output -> output.finishReason(FinishReason.LENGTH),
                output -> output.rawFinishReason("max_tokens"),
                output -> output.answerType("Person"),
                output -> output.reasoning("hm"),
                output -> output.cause(new CancelCause(CancelKind.USER, "enough", null, Instant.EPOCH)),
                output -> output.effectiveMode(CancelMode.NOW),
                output -> output.requests(List.of(CancelRequest.now())),
                output -> output.stopTook(Duration.ofMillis(1)),
                output -> output.failure(new RunFailure("Exception", "broken", null)),
                output -> output.messages(List.of(Message.user("Go"))),
                output -> output.historySize(1),
                output -> output.tools(
                        List.of(new ToolExecution("call-1", "search", "{}", null, false, Instant.EPOCH, null, null))),
                output -> output.memberResponses(List.of(OUTPUT)),
                output -> output.steps(List.of(StepOutput.of("facts"))),
                output -> output.requirements(List.of(REQUIREMENT)),
                output -> output.metrics(new RunMetrics(
                        RunMetrics.NONE.usage(),
                        false,
                        1,
                        0,
                        Duration.ZERO,
                        null,
                        null,
                        RunMetrics.NONE.usage(),
                        null)),
                output -> output.sessionState(Map.of("k", 1)),
                output -> output.stateConflicts(List.of("k")),
                output -> output.abandoned(List.of(new AbandonedThread("tool search", "tool-1", List.of()))),
                output -> output.stored(false),
                output -> output.createdAt(Instant.MAX));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyFieldIsKeptAndCompared(UnaryOperator<RunOutput.Builder> change) {
        var changed = change.apply(OUTPUT.toBuilder()).build();
        assertThat(changed).isNotEqualTo(OUTPUT);
        assertThat(changed.toBuilder().build()).isEqualTo(changed).hasSameHashCodeAs(changed);
        assertThat(change.apply(OUTPUT.toBuilder()).build()).isEqualTo(changed);
    }

    @Test
    void theChangesAboveAreComplete() {
        var fields = Stream.of(RunOutput.class, RunData.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> !field.isSynthetic());
        assertThat(changes()).hasSize((int) fields.count());
    }

    @Test
    void itsStringNamesTheRunAndShowsTheBeginningOfTheText() {
        assertThat(OUTPUT.toBuilder().text("x".repeat(200)).build())
                .hasToString(
                        "RunOutput[runId=run-1, status=COMPLETED, componentId=writer, text=" + "x".repeat(80) + "...]");
    }

    @Test
    void anOutputThatHasCompletedIsReturnedByOrThrow() {
        assertThat(OUTPUT.orThrow()).isSameAs(OUTPUT);
    }

    @Test
    void orThrowOfAFailedRunSaysWhyAndKeepsTheException() {
        var exception = new IOException("no route to host: check OPENAI_BASE_URL");
        var failed = OUTPUT.toBuilder()
                .status(RunStatus.ERROR)
                .text("Once")
                .failure(RunFailure.of(exception))
                .build();
        assertThatThrownBy(failed::orThrow)
                .isInstanceOfSatisfying(RunFailedException.class, e -> {
                    assertThat(e.runId()).isEqualTo("run-1");
                    assertThat(e.status()).isEqualTo(RunStatus.ERROR);
                    assertThat(e.failure()).isEqualTo(failed.failure());
                    assertThat(e.cancelCause()).isNull();
                })
                .hasCause(exception)
                .hasMessage("run run-1 of writer failed with IOException: no route to host: check OPENAI_BASE_URL"
                        + " (the text so far is in RunOutput.text())");
    }

    @Test
    void orThrowOfACancelledRunNamesTheCause() {
        var cause = new CancelCause(CancelKind.DEADLINE, "the run took longer than 2 s", null, Instant.EPOCH);
        assertThatThrownBy(OUTPUT.toBuilder()
                        .status(RunStatus.CANCELLED)
                        .cause(cause)
                        .build()::orThrow)
                .isInstanceOfSatisfying(
                        RunFailedException.class,
                        e -> assertThat(e.cancelCause()).isEqualTo(cause))
                .hasNoCause()
                .hasMessage("run run-1 of writer was cancelled (DEADLINE): the run took longer than 2 s;"
                        + " run it again, or use the text so far in RunOutput.text()");
    }

    @Test
    void orThrowOfAPausedRunNamesWhatItWaitsForAndHowToAnswer() {
        assertThatThrownBy(OUTPUT.toBuilder()
                        .status(RunStatus.PAUSED)
                        .requirements(List.of(REQUIREMENT))
                        .build()::orThrow)
                .hasMessage("run run-1 of writer is paused and waits for CONFIRMATION requirement-1 \"May I publish?\";"
                        + " answer with continueRun(runId, decisions)");
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "RUNNING", "CANCELLING"})
    void orThrowOfALiveRunSaysToWait(RunStatus status) {
        assertThatThrownBy(OUTPUT.toBuilder().status(status).build()::orThrow)
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("has not ended: it is " + status)
                .hasMessageContaining("await()");
    }
}
