package dev.rein.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.model.FinishReason;
import dev.rein.model.Message;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunData;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInput;
import dev.rein.run.RunMetrics;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.ToolExecution;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoredRunTest {
    private static final StoredRun RUN = StoredRun.builder("run-1", ComponentKind.AGENT, "writer")
            .createdAt(Instant.EPOCH)
            .input(RunInput.of("Go"))
            .build();

    /** One change for each field. */
    static List<UnaryOperator<StoredRun.Builder>> changes() {
        return List.of(
                run -> run.runId("run-2"),
                run -> run.parentRunId("run-2"),
                run -> run.rootRunId("run-2"),
                run -> run.source(ComponentKind.TEAM),
                run -> run.componentId("editor"),
                run -> run.sessionId("session"),
                run -> run.userId("user"),
                run -> run.status(RunStatus.ERROR),
                run -> run.input(RunInput.of("Stay")),
                run -> run.text("Once upon"),
                run -> run.finishReason(FinishReason.LENGTH),
                run -> run.answerType("Story"),
                run -> run.rawFinishReason("max_tokens"),
                run -> run.messages(List.of(Message.user("Go"))),
                run -> run.tools(
                        List.of(new ToolExecution("call-1", "search", "{}", null, false, Instant.EPOCH, null, null))),
                run -> run.steps(List.of(StepOutput.of("facts"))),
                run -> run.cause(new CancelCause(CancelKind.USER, "enough", null, Instant.EPOCH)),
                run -> run.effectiveMode(CancelMode.NOW),
                run -> run.failure(new RunFailure("Exception", "broken", null)),
                run -> run.metrics(RunMetrics.NONE),
                run -> run.metadata(Map.of("ticket", 17)),
                run -> run.createdAt(Instant.MAX),
                run -> run.endedAt(Instant.EPOCH),
                run -> run.pause(new StoredPause(
                        List.of(), List.of(), Map.of(), List.of(), List.of(), List.of(), 1, null, null, null, null)),
                run -> run.owner("process"),
                run -> run.epoch(3),
                run -> run.system("Be brief."),
                run -> run.forkedFrom("run-0"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyFieldIsKeptComparedAndShown(UnaryOperator<StoredRun.Builder> change) {
        var changed = change.apply(RUN.toBuilder()).build();
        assertThat(changed).isNotEqualTo(RUN);
        assertThat(changed.toString()).isNotEqualTo(RUN.toString());
        assertThat(changed.toBuilder().build()).isEqualTo(changed).hasSameHashCodeAs(changed);
        assertThat(change.apply(RUN.toBuilder()).build()).isEqualTo(changed);
    }

    @Test
    void theChangesAboveAreComplete() {
        var fields = Stream.of(StoredRun.class, RunData.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> !field.isSynthetic());
        assertThat(changes()).hasSize((int) fields.count());
    }

    @Test
    void aRunThatIsEndedByAnotherProcessKeepsWhatWasStored() {
        var cause = new CancelCause(CancelKind.LEASE_LOST, "its process died", null, Instant.EPOCH);
        var ended = RUN.toBuilder()
                .text("so far")
                .owner("process")
                .epoch(2)
                .build()
                .ended(RunStatus.CANCELLED, cause, CancelMode.NOW, null, Instant.MAX);
        assertThat(ended.text()).isEqualTo("so far");
        assertThat(ended.cause()).isEqualTo(cause);
        assertThat(ended.endedAt()).isEqualTo(Instant.MAX);
        assertThat(ended.owner()).isEqualTo("process");
        assertThat(ended.epoch()).isEqualTo(2);
        assertThat(ended.messages().getFirst()).isEqualTo(Message.user("Go"));
        assertThat(ended.messages().getLast().interrupted()).isTrue();
    }
}
