package dev.rein.os.internal.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.RunStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RecentMinutesTest {
    private static final class SetClock extends Clock {
        Instant now = Instant.parse("2026-11-21T10:00:30Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final SetClock clock = new SetClock();
    private final RecentMinutes minutes = new RecentMinutes(clock);

    @Test
    void countsByMinuteAndForgetsAfterAnHour() {
        minutes.started();
        minutes.started();
        minutes.ended(RunStatus.COMPLETED, 100, 0);
        clock.now = clock.now.plus(Duration.ofMinutes(59));
        minutes.ended(RunStatus.CANCELLED, 10, 3_000_000);
        minutes.ended(RunStatus.CANCELLED, 10, 2_000_000);
        minutes.ended(RunStatus.ERROR, 1, 0);
        var all = minutes.json();
        assertThat(all).hasSize(60);
        assertThat(all.get(0).toString())
                .isEqualTo(
                        "{\"at\":\"2026-11-21T10:00:00Z\",\"started\":2,\"completed\":1,\"cancelled\":0,\"failed\":0,"
                                + "\"tokens\":100}");
        assertThat(all.get(59).toString())
                .isEqualTo(
                        "{\"at\":\"2026-11-21T10:59:00Z\",\"started\":0,\"completed\":0,\"cancelled\":2,\"failed\":1,"
                                + "\"tokens\":21,\"slowest_stop_seconds\":0.003}");
        clock.now = clock.now.plus(Duration.ofMinutes(1));
        assertThat(minutes.json().get(0).path("started").asInt()).isZero();
        minutes.started();
        assertThat(minutes.json().get(59).path("completed").asInt()).isZero();
    }
}
