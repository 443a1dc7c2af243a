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

/** Calls while the name service does not answer. */
class NameLookupTest {

    private static final Duration AT_MOST = Duration.ofSeconds(20);

    @AfterEach
    void release() {
        HangingNameService.release();
        await().until(() -> HangingNameService.hanging() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void stopDuringTheNameLookupEndsTheCall(Api api) {
        var call = new RecordingModelCall();
        var response =
                call.start(api.at("http://hang-" + api + ".invalid/v1"), SampleRequests.HELLO, Thread.ofVirtual());
        await().until(() -> HangingNameService.hanging() == 1);

        call.cancellation.stop();

        assertThat(response)
                .failsWithin(AT_MOST)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(CancelledException.class);
        assertThat(HangingNameService.hanging()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void hangingLookupsDoNotDelayOtherCalls(Api api) {
        var hanging = IntStream.range(0, 20)
                .mapToObj(i -> {
                    var call = new RecordingModelCall();
                    call.start(
                            api.at("http://hang-" + api + i + ".invalid/v1"), SampleRequests.HELLO, Thread.ofVirtual());
                    return call;
                })
                .toList();
        await().until(() -> HangingNameService.hanging() == 20);

        try (var provider = FakeProvider.start()) {
            var call = new RecordingModelCall();
            assertThat(call.start(api.at(provider), SampleRequests.HELLO, Thread.ofVirtual()))
                    .succeedsWithin(AT_MOST);
        }
        hanging.forEach(call -> call.cancellation.stop());
    }
}
