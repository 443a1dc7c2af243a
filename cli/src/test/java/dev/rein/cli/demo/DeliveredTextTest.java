package dev.rein.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.ComponentKind;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunContentCompleted;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeliveredTextTest {
    private static final Instant STOP = Instant.parse("2026-01-01T00:00:10Z");

    private static EventMeta at(Instant instant) {
        var origin = new Origin(ComponentKind.AGENT, "writer", null, "run", null, "run", null, 0, null);
        return new EventMeta(origin, 0, instant);
    }

    @Test
    void onlyTextThatWasDeliveredLaterCountsWheneverItWasRead() {
        var text = new DeliveredText();
        text.add(new RunContent(at(STOP.minusMillis(5)), "before", null));
        text.add(new RunContent(at(STOP), "just then", null));
        text.add(new RunContent(at(STOP.plusMillis(1)), "late", null));
        text.add(new RunContentCompleted(at(STOP.plusMillis(2))));

        assertThat(text.after(STOP)).isEqualTo("late".length());
        assertThat(text.after(STOP.plusSeconds(1))).isZero();
    }
}
