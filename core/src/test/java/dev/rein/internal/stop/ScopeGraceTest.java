package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long code has until it is abandoned, and when a graceful stop takes effect. */
@Timeout(60)
class ScopeGraceTest extends ScopeTestBase {
    @Test
    void aStrongerGracefulRequestDoesNotPutOffTheInstantOfAnEarlierOne() {
        streams();
        assertThat(scope.request(CancelRequest.afterStep().atMost(SOON))).isEqualTo(Outcome.REQUESTED);
        assertThat(scope.request(CancelRequest.afterTurn().atMost(LONG))).isEqualTo(Outcome.UPGRADED);
        assertThat(scope.isCancelled()).isFalse();
        await().until(scope::isCancelled);
    }

    @Test
    void aWeakerRequestWithAnEarlierInstantBringsItForward() {
        streams();
        assertThat(scope.request(CancelRequest.afterTurn().atMost(LONG))).isEqualTo(Outcome.REQUESTED);
        assertThat(scope.request(CancelRequest.afterStep().atMost(SOON))).isEqualTo(Outcome.ALREADY_REQUESTED);
        assertThat(scope.isCancelled()).isFalse();
        await().until(scope::isCancelled);
    }

    @Test
    void aLaterRequestOfNowShortensTheGrace() throws Exception {
        deafCode();
        scope.request(CancelRequest.now().grace(LONG));
        scope.request(CancelRequest.now().grace(SOON));
        awaitAbandoned();
    }

    @Test
    void aLaterRequestOfNowShortensTheGraceOnceTheThreadsWereInterruptedToo() throws Exception {
        deafCode();
        scope.request(CancelRequest.now().grace(LONG));
        environment.outlast(Duration.ofMillis(300));
        scope.request(CancelRequest.now().grace(SOON));
        awaitAbandoned();
    }

    @Test
    void aLaterRequestNeverLengthensTheGrace() throws Exception {
        deafCode();
        scope.request(CancelRequest.now().grace(SOON));
        scope.request(CancelRequest.now().grace(LONG));
        scope.request(CancelRequest.afterTurn().grace(LONG).atMost(LONG));
        awaitAbandoned();
    }

    @Test
    void theShortestGraceOfTheRequestsBeforeTheStopTookEffectCounts() throws Exception {
        deafCode();
        streams();
        scope.request(CancelRequest.afterTurn().grace(SOON).atMost(LONG));
        assertThat(scope.isCancelled()).isFalse();
        assertThat(scope.request(CancelRequest.now().grace(LONG))).isEqualTo(Outcome.UPGRADED);
        awaitAbandoned();
    }

    @Test
    void anUpgradeToNowHasItsOwnShorterGrace() throws Exception {
        deafCode();
        scope.enter(Phase.TOOLS, "calling tools");
        scope.request(CancelRequest.afterTools().grace(LONG));
        assertThat(scope.isCancelled()).isFalse();
        scope.request(CancelRequest.now().grace(SOON));
        awaitAbandoned();
    }

    @Test
    void aRequestForAChildAloneShortensTheGraceThatItsParentGaveIt() throws Exception {
        var child = Objects.requireNonNull(scope.childRun("child", "run child", false));
        var begun = new CountDownLatch(1);
        work(child, () -> {}, () -> {
            begun.countDown();
            awaitReleaseDeaf();
        });
        begun.await();
        scope.request(CancelRequest.now().grace(LONG));
        child.request(CancelRequest.now().grace(SOON));
        await().until(() -> child.abandonedThreads().size() == 1);
    }

    @Test
    void aDeafThreadIsAbandonedAlsoWhenADeafOneBelowItWasAbandonedFirst() throws Exception {
        var child = Objects.requireNonNull(scope.childRun("child", "run child", false));
        var begun = new CountDownLatch(1);
        work(child, child::end, () -> {
            begun.countDown();
            awaitReleaseDeaf();
        });
        begun.await();
        deafCode();
        scope.request(CancelRequest.now().grace(SOON));
        await().until(() -> child.abandonedThreads().size() == 1);
        awaitAbandoned();
    }

    @Test
    void aSecondRequestOfNowLeavesTheGraceThatItAsksFor() throws Exception {
        deafCode();
        scope.request(CancelRequest.now().grace(LONG));
        scope.request(CancelRequest.now().grace(LONG.minusMinutes(1)));
        environment.outlast(Duration.ofMillis(300));
        assertThat(scope.abandonedThreads()).isEmpty();
    }

    @Test
    void aStoppedChildTakesTheStrongerModeAndTheShorterGraceOfItsParent() throws Exception {
        var child = Objects.requireNonNull(scope.childRun("child", "run child", false));
        var begun = new CountDownLatch(1);
        work(child, () -> {}, () -> {
            child.enter(Phase.MODEL, "waiting for a model");
            begun.countDown();
            awaitReleaseDeaf();
        });
        begun.await();
        child.request(CancelRequest.afterTurn().grace(LONG).atMost(LONG));
        assertThat(child.isCancelled()).isFalse();
        scope.request(CancelRequest.now().grace(SOON));
        assertThat(child.isCancelled()).isTrue();
        assertThat(Objects.requireNonNull(child.stop()).mode).isEqualTo(CancelMode.NOW);
        await().until(() -> child.abandonedThreads().size() == 1);
    }
}
