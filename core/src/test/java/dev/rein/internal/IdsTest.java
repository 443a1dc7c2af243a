package dev.rein.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Storytelling Team   | storytelling-team
            HITL_Agent v1.0     | hitl-agent-v1.0
            StorytellerAgent    | storytelleragent
            Q&A (beta), v2!     | q&a-(beta),-v2!
            Sales/EMEA          | sales-emea
            100% sure?          | 100-sure
            C# helper           | c-helper
            a:b                 | a-b
            Café Crème          | cafe-creme
            Größe               | grosse
            Łódź                | lodz
            ../admin            | ..-admin
            🚀 Bot              | bot
            """)
    void areDerivedFromNames(String name, String id) {
        assertThat(Ids.ofComponent(name)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "..",
                ".",
                "%2F",
                "a\\b",
                "研究",
                "研究 agent",
                "исследователь",
                "a\nb",
                "\0",
                "a;b",
                "---",
                "\uD800",
                "x*y"
            })
    void stayInOneSegmentOfAPath(String name) {
        assertThat(Ids.ofComponent(name))
                .matches("[A-Za-z0-9._~!$&'()+,=@-]+")
                .containsPattern("[a-z0-9]")
                .isEqualTo(Ids.ofComponent(name));
    }

    @Test
    void ofDifferentNamesWithoutLatinLettersDiffer() {
        assertThat(Ids.ofComponent("研究")).isNotEqualTo(Ids.ofComponent("研发"));
        assertThat(Ids.ofComponent("研究 agent")).startsWith("agent-").isNotEqualTo(Ids.ofComponent("研发 agent"));
    }
}
