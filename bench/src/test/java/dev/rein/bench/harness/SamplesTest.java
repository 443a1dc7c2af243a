package dev.rein.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void percentilesAreValuesThatWereMeasured() {
        var shuffled = new ArrayList<Integer>();
        for (var i = 1; i <= 1_000; i++) {
            shuffled.add(i);
        }
        Collections.shuffle(shuffled, new Random(7));
        var samples = new Samples();
        shuffled.forEach(samples::add);

        assertThat(samples.count()).isEqualTo(1_000);
        assertThat(samples.percentile(50)).isEqualTo(500);
        assertThat(samples.percentile(95)).isEqualTo(950);
        assertThat(samples.percentile(99)).isEqualTo(990);
        assertThat(samples.max()).isEqualTo(1_000);
    }

    @Test
    void oneValueIsEveryPercentile() {
        var samples = Samples.of(3.5);
        assertThat(samples.percentile(1)).isEqualTo(3.5);
        assertThat(samples.percentile(99)).isEqualTo(3.5);
        assertThat(samples.max()).isEqualTo(3.5);
    }

    @Test
    void ofFewValuesTheNinetyNinthPercentileIsTheLargest() {
        assertThat(Samples.of(5, 1, 3).percentile(99)).isEqualTo(5);
    }

    @Test
    void valuesMayComeAfterAPercentileWasAsked() {
        var samples = Samples.of(5, 1);
        assertThat(samples.max()).isEqualTo(5);
        samples.add(9);
        samples.add(0);
        assertThat(samples.max()).isEqualTo(9);
        assertThat(samples.percentile(50)).isEqualTo(1);
    }

    @Test
    void nothingMeasuredHasNoPercentile() {
        assertThatThrownBy(() -> new Samples().percentile(50))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing was measured");
        assertThatThrownBy(() -> Samples.of(1).percentile(0)).hasMessageContaining("percent is 0.0");
    }
}
