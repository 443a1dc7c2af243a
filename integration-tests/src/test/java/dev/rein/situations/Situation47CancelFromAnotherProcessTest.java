package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.ScriptedModel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Situation47CancelFromAnotherProcessTest {
    private static final CancelRequest REQUEST =
            CancelRequest.now().reason("enough").actor("ann");

    private final String run = UUID.randomUUID().toString();
    private JdbcSessionStore store;
    private OtherProcess other;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        var file = folder.resolve("rein.db");
        store = JdbcSessionStore.sqlite(file);
        other = OtherProcess.start(file, JdbcSessionStore.DEFAULT_LEASE);
    }

    @AfterEach
    void end() {
        other.close();
        store.close();
    }

    @Test
    void itReachesTheRunWhereverItLives() throws Exception {
        other.order("tell " + run);
        other.awaitSaid("telling");
        var agent = OtherProcess.teller(store, ScriptedModel.of("x"));

        var result = agent.cancel(run, REQUEST);

        assertThat(result.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(other.awaitSaid("ended")).isEqualTo("ended CANCELLED USER enough");
        var row = store.run(run).orElseThrow();
        assertThat(row.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row.text()).isEqualTo("Once upon");
        assertThat(Objects.requireNonNull(row.cause()).actor()).isEqualTo("ann");
        assertThat(Runs.shared().cancel(run, REQUEST).outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(agent.cancelRun(run)).isFalse();
    }

    @Test
    void aPausedRunIsStoppedAtOnceAndALaterApprovalIsRefused() throws Exception {
        other.order("book " + run);
        var requirement = other.awaitSaid("paused").split(" ")[1];
        Waiting.until("its pause is stored", () -> store.run(run).orElseThrow().status() == RunStatus.PAUSED);
        var booked = new AtomicInteger();
        var booker = OtherProcess.booker(store, ScriptedModel.of("x"), booked::incrementAndGet);

        assertThat(booker.cancelRun(run)).isTrue();

        assertThat(store.run(run).orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
        assertThatThrownBy(() -> booker.continueRun(run, Decision.confirm(requirement)))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("is CANCELLED and accepts no further decisions");
        assertThat(booked).hasValue(0);
    }
}
