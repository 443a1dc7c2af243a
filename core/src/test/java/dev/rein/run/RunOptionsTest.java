package dev.rein.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import dev.rein.runtime.RunOptions;
import java.util.HashMap;
import org.junit.jupiter.api.Test;

class RunOptionsTest {

    @Test
    @SuppressWarnings("NullAway") // a caller who does not check for null
    void aNullAmongTheValuesIsNamed() {
        var values = new HashMap<String, Object>();
        values.put("ticket", null);

        assertThatThrownBy(() -> RunOptions.defaults().metadata(values))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("metadata has null for \"ticket\": leave it out");
        assertThatThrownBy(() -> RunOptions.defaults().sessionState(values))
                .hasMessage("sessionState has null for \"ticket\": leave it out");
        assertThatThrownBy(() -> Agent.builder().sessionState(values))
                .hasMessage("sessionState has null for \"ticket\": leave it out");
    }

    @Test
    void aPreviewTearsNoCharacter() {
        var output =
                Agent.of(TestModel.of(TestModel.says("ab\uD83D\uDC09cd")), "").run("Tell me a story.");

        assertThat(output.preview(2)).isEqualTo("ab...");
        assertThat(output.preview(3)).isEqualTo("ab...");
        assertThat(output.preview(4)).isEqualTo("ab\uD83D\uDC09...");
        assertThat(output.preview(6)).isEqualTo("ab\uD83D\uDC09cd");
    }
}
