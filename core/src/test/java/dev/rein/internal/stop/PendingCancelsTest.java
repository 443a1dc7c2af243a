package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingCancelsTest {
    private static final CancelRequest REQUEST = CancelRequest.now().reason("first");
    private static final CancelRequest OTHER = CancelRequest.now().reason("second");

    private long now = 1_000;
    private final PendingCancels<String> pending = new PendingCancels<>(() -> now);

    private List<CancelRequest> take(String runId) {
        return pending.take(runId, _ -> true);
    }

    @Test
    void aRequestIsKeptForARunIdAndTakenOnce() {
        pending.add("a", "user", REQUEST);
        pending.add("a", "user", CancelRequest.afterTurn());
        assertThat(take("b")).isEmpty();
        assertThat(take("a")).as("the first one").containsExactly(REQUEST);
        assertThat(take("a")).isEmpty();
    }

    @Test
    void requestsOfSeveralCallersForOneRunIdAreKeptApart() {
        pending.add("a", "one", REQUEST);
        pending.add("a", "two", OTHER);
        assertThat(pending.take("a", "two"::equals)).containsExactly(OTHER);
        assertThat(pending.take("a", "two"::equals)).isEmpty();
        assertThat(pending.take("a", "one"::equals)).containsExactly(REQUEST);
    }

    @Test
    void requestsAreTakenInTheirOrder() {
        pending.add("a", "one", REQUEST);
        pending.add("a", "two", OTHER);
        assertThat(take("a")).containsExactly(REQUEST, OTHER);
    }

    @Test
    void aRequestExpires() {
        pending.add("a", "user", REQUEST);
        pending.add("b", "user", REQUEST);
        now += PendingCancels.RETENTION.toNanos();
        assertThat(take("a")).containsExactly(REQUEST);
        now += Duration.ofNanos(1).toNanos();
        assertThat(take("b")).isEmpty();
    }

    @Test
    void anExpiredRequestMakesRoomForANewOneOfTheSameId() {
        pending.add("a", "user", REQUEST);
        now += PendingCancels.RETENTION.plusSeconds(1).toNanos();
        pending.add("a", "user", OTHER);
        assertThat(take("a")).containsExactly(OTHER);
    }

    @Test
    void requestsAreForgottenOldestFirstBeyondTheBound() {
        for (var n = 0; n <= PendingCancels.MAX_REQUESTS; n++) {
            pending.add("run " + n, "user", REQUEST);
        }
        assertThat(take("run 0")).isEmpty();
        assertThat(take("run 1")).containsExactly(REQUEST);
        assertThat(take("run " + PendingCancels.MAX_REQUESTS)).containsExactly(REQUEST);
    }

    @Test
    void theBoundHoldsForOneRunIdToo() {
        for (var n = 0; n <= PendingCancels.MAX_REQUESTS; n++) {
            pending.add("a", "user " + n, REQUEST);
        }
        assertThat(pending.take("a", "user 0"::equals)).isEmpty();
        assertThat(take("a")).hasSize(PendingCancels.MAX_REQUESTS);
    }
}
