package dev.rein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What callers give as session state and metadata goes to stores as JSON, which has neither NaN nor infinite numbers. */
class NumbersInOptionsTest {
    static List<Object> notFinite() {
        return List.of(
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                Float.NaN,
                List.of(1, Map.of("x", Float.POSITIVE_INFINITY)),
                new double[] {0, Double.NaN},
                new Object[] {new float[] {Float.NaN}});
    }

    @ParameterizedTest
    @MethodSource("notFinite")
    void areRefusedAndTheMessageNamesTheKey(Object value) {
        var values = Map.of("temperature", value);
        assertThatThrownBy(() -> RunOptions.defaults().sessionState(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("sessionState has (NaN|-?Infinity) for \"temperature\".*");
        assertThatThrownBy(() -> RunOptions.defaults().metadata(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("metadata has (NaN|-?Infinity) for \"temperature\".*");
        assertThatThrownBy(() -> Agent.builder().sessionState(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"temperature\"");
    }

    @Test
    void finiteOnesAreKept() {
        var values = Map.<String, Object>of("a", Double.MAX_VALUE, "b", List.of(1.5f));
        assertThat(RunOptions.defaults().sessionState(values).sessionState()).isEqualTo(values);
    }
}
