package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelledException;
import dev.rein.testkit.FakeProvider;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A name service that does not answer. */
class NameLookupTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @AfterEach
    void release() {
        HangingNames.release();
        await().until(() -> HangingNames.hanging() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void stopWhileTheNameIsLookedUpEndsTheCall(Api api) {
        var call = new TestCall();
        var response = call.start(api.at("http://hang-" + api + ".invalid/v1"), Samples.HELLO, Thread.ofVirtual());
        await().until(() -> HangingNames.hanging() == 1);

        call.cancellation.stop();

        assertThat(response)
                .failsWithin(SOON)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(CancelledException.class);
        assertThat(HangingNames.hanging()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void lookupsThatHangDoNotHoldUpOtherCalls(Api api) {
        var hanging = IntStream.range(0, 20)
                .mapToObj(i -> {
                    var call = new TestCall();
                    call.start(api.at("http://hang-" + api + i + ".invalid/v1"), Samples.HELLO, Thread.ofVirtual());
                    return call;
                })
                .toList();
        await().until(() -> HangingNames.hanging() == 20);

        try (var provider = FakeProvider.start()) {
            var call = new TestCall();
            assertThat(call.start(api.at(provider), Samples.HELLO, Thread.ofVirtual()))
                    .succeedsWithin(SOON);
        }
        hanging.forEach(call -> call.cancellation.stop());
    }
}
