package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunCancelled;
import dev.rein.testkit.ScriptedModel;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation01ThousandThreadsCancelAtOnceTest {
    private static final int THREADS = 1_000;

    @ParameterizedTest
    @EnumSource
    void oneOfThousandCancelsIsEffectiveAndAllAreToldTheTruth(Form form) throws Exception {
        var model = ScriptedModel.create().waitsForever();
        var run = form.start(Agent.of(model, ""), "Tell me a story");
        model.awaitWaiting(1);

        var results = new ArrayList<CancelResult>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var go = new CountDownLatch(1);
            var asked = new ArrayList<Future<CancelResult>>();
            for (var i = 0; i < THREADS; i++) {
                var request = CancelRequest.now().reason("caller " + i).actor("actor " + i);
                asked.add(threads.submit(() -> {
                    go.await();
                    return run.cancel(request);
                }));
            }
            go.countDown();
            for (var each : asked) {
                results.add(each.get(Waiting.LONG.toSeconds(), TimeUnit.SECONDS));
            }
        }

        var output = RunInvariants.checkCancelled(run);
        var effective = results.stream().filter(CancelResult::effective).toList();
        assertThat(effective).hasSize(1);
        var cause = Objects.requireNonNull(effective.getFirst().cause());
        assertThat(output.cause()).isEqualTo(cause);
        assertThat(output.requests()).hasSizeBetween(1, THREADS);
        assertThat(output.requests().getFirst().reason()).isEqualTo(cause.reason());
        assertThat(output.requests().getFirst().actor()).isEqualTo(cause.actor());
        for (var result : results) {
            switch (result.outcome()) {
                case REQUESTED, ALREADY_REQUESTED -> {
                    assertThat(result.cause()).isEqualTo(cause);
                    assertThat(result.stopping()).isTrue();
                }
                default -> {
                    assertThat(result.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
                    assertThat(result.status()).isEqualTo(RunStatus.CANCELLED);
                }
            }
        }
        assertThat(run.events(RunCancelled.class)).hasSize(1);
        assertThat(model.callsStarted()).isEqualTo(1);
    }
}
