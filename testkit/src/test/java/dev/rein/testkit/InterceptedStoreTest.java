package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.run.RunStatus;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.session.SessionStore.End;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterceptedStoreTest {
    private final InterceptedStore<SessionStore> intercepted = InterceptedStore.inMemory();
    private final SessionStore store = intercepted.store();

    @Test
    void callsArePassedOnAndCounted() {
        assertThat(store.insert(SampleRuns.run("a", RunStatus.RUNNING, null, "s")))
                .isTrue();
        assertThat(store.run("a")).isEqualTo(intercepted.target().run("a")).isPresent();
        assertThat(intercepted.calls()).containsExactly("insert", "run");
        assertThat(intercepted.calls("run")).isEqualTo(1);
    }

    @Test
    void aCallFailsUntilItIsPassedOnAgain() {
        intercepted.fail(() -> new IllegalStateException("down"), "run");
        assertThatThrownBy(() -> store.run("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("down");
        intercepted.pass("run");
        assertThat(store.run("a")).isEmpty();
    }

    @Test
    void whatTheStoreItselfThrowsIsThrownAsItIs() {
        var failing = InterceptedStore.inMemory();
        failing.fail(() -> new IllegalArgumentException("too long"), "run");
        assertThatThrownBy(() -> InterceptedStore.of(SessionStore.class, failing.store())
                        .store()
                        .run("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("too long");
    }

    @Test
    void aParkedCallWaitsUntilItIsLetGo() throws Exception {
        var parked = intercepted.park("run");
        var caller = Thread.ofVirtual().start(() -> store.run("a"));
        parked.awaitCall();
        assertThat(caller.isAlive()).isTrue();
        parked.open();
        caller.join();
    }

    @Test
    void endsThatAreWrittenTogetherAreIntercepted() {
        var ends = List.of(
                new End(SampleRuns.run("a", RunStatus.COMPLETED, null, "s"), List.of(), List.of()),
                new End(SampleRuns.run("b", RunStatus.COMPLETED, null, "s"), List.of(), List.of()));
        assertThat(store.finish(ends)).hasSize(2);
        assertThat(intercepted.calls("finish")).isEqualTo(2);
    }

    @Test
    void aMethodThatTheStoreDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> intercepted.park("finnish"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("finnish");
        assertThatThrownBy(() -> InterceptedStore.of(SessionStore.class, new InMemorySessionStore())
                        .before("requestCancel", _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
