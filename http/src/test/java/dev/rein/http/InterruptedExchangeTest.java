package dev.rein.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelledException;
import dev.rein.model.ModelException;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.RecordingModelCall;
import dev.rein.testkit.Script;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class InterruptedExchangeTest {
    private static final int ROUNDS = 300;
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    /** The interrupt falls before, into and behind the moment in which the headers of the response arrive. */
    @Test
    void anInterruptClosesTheConnectionWheneverItComes() throws Exception {
        endsTheExchange((thread, call) -> thread.interrupt());
    }

    @Test
    void aStopClosesTheConnectionWheneverItComes() throws Exception {
        endsTheExchange((thread, call) -> call.stop());
    }

    private static void endsTheExchange(BiConsumer<Thread, RecordingModelCall> end) throws Exception {
        try (var provider = FakeProvider.start().byDefault(Script.hangs(HangPoint.AFTER_HEADERS))) {
            var endpoint = ModelEndpoint.builder(provider.baseUrl()).build();
            for (var round = 1; round <= ROUNDS; round++) {
                var call = new RecordingModelCall();
                var failure = new AtomicReference<Throwable>();
                var thread = Thread.ofVirtual().start(() -> {
                    try {
                        JsonRequest.post(
                                        endpoint,
                                        "embeddings",
                                        ProviderJson.mapper().createObjectNode())
                                .read(call.cancellation(), "data");
                    } catch (ModelException | CancelledException e) {
                        failure.set(e);
                    }
                });
                var exchange = provider.awaitRequest(round);
                var until = System.nanoTime() + ThreadLocalRandom.current().nextLong(2_000_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }

                end.accept(thread, call);

                assertThat(thread.join(AT_MOST)).isTrue();
                assertThat(failure.get()).isNotNull();
                exchange.awaitClosed(AT_MOST);
            }
        }
    }
}
