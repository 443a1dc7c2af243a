package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "3s,PT3S", "1.5s,PT1.5S", "1m,PT1M", "2h,PT2H", "0s,PT0S", " 3S ,PT3S"})
    void durationsAreParsed(String text, Duration expected) {
        assertThat(new Durations().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "s", "-3s", "3 days", "1e3s", "NaNs", "3s3s", "99999999999s"})
    void whatIsNoTimeIsRefusedWithTheValueAndTheWayOut(String text) {
        assertThatThrownBy(() -> new Durations().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("500ms, 3s or 1m");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.0014S,1.4ms",
        "PT0.012S,12ms",
        "PT0.5S,500ms",
        "PT3S,3s",
        "PT3.14S,3.1s",
        "PT1M,1m00s",
        "PT2M5.4S,2m05s",
        "PT0S,0.0ms"
    })
    void timesAreShownInTheUnitThatFits(Duration duration, String expected) {
        assertThat(Durations.format(duration)).isEqualTo(expected);
    }

    @Test
    void theLongestTimeThatCanBeWrittenDoesNotOverflow() {
        assertThat(new Durations().convert("999999999h")).isPositive();
    }
}
