package dev.rein.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceHeadersTest {
    @Test
    void headersAreThoseOfTheInnermostBinding() throws Exception {
        assertThat(TraceHeaders.outgoing()).isEmpty();
        assertThat(TraceHeaders.incoming("a")).isNull();

        TraceHeaders.withOutgoing(() -> Map.of("a", "1"), () -> {
            assertThat(TraceHeaders.outgoing()).containsExactly(Map.entry("a", "1"));
            return TraceHeaders.withOutgoing(Map::of, () -> {
                assertThat(TraceHeaders.outgoing()).isEmpty();
                return true;
            });
        });
        TraceHeaders.withIncoming(Map.of("a", "1")::get, () -> {
            assertThat(TraceHeaders.incoming("a")).isEqualTo("1");
            assertThat(TraceHeaders.incoming("b")).isNull();
            return true;
        });

        assertThat(TraceHeaders.outgoing()).isEmpty();
        assertThat(TraceHeaders.incoming("a")).isNull();
    }
}
