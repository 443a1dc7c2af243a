package dev.rein.os.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelStage;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs not covered by recordings. */
class RunWireTest {
    private static final Instant BEGUN = Instant.parse("2026-11-21T08:31:12.5Z");

    private final RunWire wire = new RunWire(ComponentCatalog.of(List.of()));

    private static StoredRun run(
            ComponentKind source, RunStatus status, String text, CancelKind kind, CancelStage stage) {
        return StoredRun.builder("run", source, "gone")
                .sessionId("s")
                .status(status)
                .input(RunInput.of("hi"))
                .text(text)
                .cause(new CancelCause(kind, "enough", "ops", BEGUN.plusSeconds(1), stage))
                .effectiveMode(CancelMode.NOW)
                .createdAt(BEGUN)
                .endedAt(BEGUN.plusMillis(1_004))
                .build();
    }

    @Test
    void showsWhoCancelledTheRunWhyAndHow() {
        var node = wire.of(
                run(ComponentKind.AGENT, RunStatus.CANCELLED, "half", CancelKind.USER, CancelStage.EXECUTING),
                StoredRunContext.NONE);
        assertThat(node.path("cancellation_stage").asText()).isEqualTo("EXECUTING");
        assertThat(node.path("cancellation").toString())
                .isEqualTo("{\"kind\":\"USER\",\"reason\":\"enough\",\"actor\":\"ops\",\"mode\":\"NOW\","
                        + "\"requested_at\":\"2026-11-21T08:31:13.500Z\",\"stopped_at\":\"2026-11-21T08:31:13.504Z\"}");
        assertThat(node.path("content").asText()).isEqualTo("half");
    }

    @ParameterizedTest
    @EnumSource(names = {"DISCONNECT", "SHUTDOWN"})
    void hasNoStageWhenItsConsumerOrItsProcessWentAway(CancelKind kind) {
        var node = wire.of(
                run(ComponentKind.TEAM, RunStatus.CANCELLED, "", kind, CancelStage.EXECUTING), StoredRunContext.NONE);
        assertThat(node.has("cancellation_stage")).isFalse();
        assertThat(node.path("cancellation").path("kind").asText()).isEqualTo(kind.name());
        assertThat(node.path("content").asText()).isEqualTo("enough");
    }

    @Test
    void hasNoContentIfTheRunNeverStarted() {
        var row = run(ComponentKind.AGENT, RunStatus.CANCELLED, "", CancelKind.USER, CancelStage.PENDING);
        assertThat(wire.of(row, StoredRunContext.NONE).has("content")).isFalse();
        assertThat(wire.of(row, StoredRunContext.NONE)
                        .path("cancellation_stage")
                        .asText())
                .isEqualTo("PENDING");
    }

    @Test
    void isShownAsRunningWhileBeingCancelled() {
        var row = run(ComponentKind.AGENT, RunStatus.CANCELLING, "half", CancelKind.USER, CancelStage.EXECUTING);
        var node = wire.of(row, StoredRunContext.NONE);
        assertThat(node.path("status").asText()).isEqualTo("RUNNING");
        assertThat(node.has("cancellation_stage")).isFalse();
        assertThat(node.has("cancellation")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void hasAllKeysOfItsSchemaWhenNullsAreShown(ComponentKind source) {
        var row = run(source, RunStatus.COMPLETED, "done", CancelKind.USER, CancelStage.EXECUTING);
        var shown = wire.schema(row, StoredRunContext.NONE, true);
        var left = wire.schema(row, StoredRunContext.NONE, false);
        assertThat(shown.get("cancellation_stage").isNull()).isTrue();
        assertThat(shown.get("response_audio").isNull()).isTrue();
        assertThat(left.properties()).noneMatch(entry -> entry.getValue().isNull());
        assertThat(shown.has("workflow_id")).isEqualTo(source == ComponentKind.WORKFLOW);
        assertThat(shown.has("team_id")).isEqualTo(source == ComponentKind.TEAM);
        assertThat(shown.has("agent_id")).isEqualTo(source == ComponentKind.AGENT);
    }

    /** Clients fail without these keys in a workflow's metrics. */
    @Test
    void aWorkflowAlwaysHasTheMetricsOfItsSteps() {
        for (var status : RunStatus.values()) {
            var row = run(ComponentKind.WORKFLOW, status, "", CancelKind.USER, CancelStage.EXECUTING);
            assertThat(wire.of(row, StoredRunContext.NONE)
                            .path("metrics")
                            .path("steps")
                            .isObject())
                    .isTrue();
            assertThat(wire.schema(row, StoredRunContext.NONE, true)
                            .path("metrics")
                            .path("steps")
                            .isObject())
                    .isTrue();
        }
    }

    @Test
    void aPreviewShowsWholeCharacters() {
        var row =
                run(ComponentKind.AGENT, RunStatus.COMPLETED, "🐉".repeat(300), CancelKind.USER, CancelStage.EXECUTING);
        assertThat(wire.preview(row).path("content_preview").asText()).isEqualTo("🐉".repeat(280));
    }

    @ParameterizedTest
    @EnumSource
    void aSessionWithoutRunsHasAnEmptyName(ComponentKind source) {
        var session = new Session("s", null, source, "gone", null, Map.of(), Map.of(), BEGUN, BEGUN);
        var sessions = new SessionWire(ComponentCatalog.of(List.of()));
        assertThat(sessions.entry(session, null).path("session_name").textValue())
                .isEmpty();
        var detail = sessions.detail(session, List.of(), true);
        assertThat(detail.path("session_name").textValue()).isEmpty();
        assertThat(detail.path("created_at").asText()).isEqualTo("2026-11-21T08:31:12Z");
        assertThat(detail.has("user_id")).isTrue();
    }
}
