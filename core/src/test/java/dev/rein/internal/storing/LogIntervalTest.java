package dev.rein.internal.storing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogIntervalTest {
    private long now = Long.MAX_VALUE - 5;
    private final LogInterval interval = new LogInterval(() -> now);

    @Test
    void oneFailureIsLoggedInAnIntervalAndTheOthersAreCounted() {
        assertThat(interval.mayLog()).isTrue();
        assertThat(interval.takeSkipped()).isZero();
        for (var n = 0; n < 200; n++) {
            assertThat(interval.mayLog()).isFalse();
        }
        now += LogInterval.INTERVAL.toNanos();
        assertThat(interval.mayLog()).isTrue();
        assertThat(interval.takeSkipped()).isEqualTo(200);
        assertThat(interval.takeSkipped()).isZero();
    }
}
