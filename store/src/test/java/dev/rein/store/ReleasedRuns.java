package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Has this process leave a paused run behind, as it does at its end: whoever goes on with it has only the store. */
final class ReleasedRuns {
    private static final Duration LONG = Duration.ofSeconds(30);

    private ReleasedRuns() {}

    /**
     * @param store the store as another process has it
     * @return the run as it was left
     */
    static StoredRun leave(SharedStore store, RunHandle run) throws Exception {
        assertThat(run.await(LONG).status()).isEqualTo(RunStatus.PAUSED);
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> row(store, run.id()).status() == RunStatus.PAUSED
                        && pending(row(store, run.id()))
                                .equals(run.output().requirements().stream()
                                        .map(Requirement::id)
                                        .toList()));
        store.release(Objects.requireNonNull(row(store, run.id()).owner()), List.of(run.id()));
        // As one whose lease is lost: a stop by a user would be passed on.
        run.cancel(CancelRequest.now().kind(CancelKind.LEASE_LOST));
        run.await(LONG);
        return row(store, run.id());
    }

    static StoredRun row(SharedStore store, String runId) {
        return store.run(runId).orElseThrow();
    }

    /** The ids of what it waits for. */
    static List<String> pending(StoredRun row) {
        var pause = row.pause();
        return pause == null
                ? List.of()
                : pause.requirements().stream().map(Requirement::id).toList();
    }

    /** All that it waits for, confirmed. */
    static Decision[] confirmed(StoredRun row) {
        return pending(row).stream().map(Decision::confirm).toArray(Decision[]::new);
    }
}
