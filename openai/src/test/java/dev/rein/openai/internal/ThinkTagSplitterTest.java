package dev.rein.openai.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.rein.openai.ThinkTags;
import dev.rein.openai.ThinkTags.Opening;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ThinkTagSplitterTest {

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();

    private ThinkTagSplitter splitter(ThinkTags tags) {
        return new ThinkTagSplitter(tags, text::append, reasoning::append);
    }

    /** Quadratic time would be hours. */
    @ParameterizedTest
    @EnumSource
    void timeGrowsWithTheLengthOnly(Opening opening) {
        for (var begin : new String[] {"", "<think>hm", "<think>hm</think>"}) {
            for (var part : new String[] {" ", " </thin", "<think>"}) {
                var splitter = splitter(ThinkTags.THINK.withOpening(opening));
                assertTimeout(Duration.ofSeconds(60), () -> {
                    splitter.accept(begin);
                    for (var i = 0; i < 200_000; i++) {
                        splitter.accept(part);
                    }
                    splitter.accept(part.repeat(200_000));
                    splitter.end();
                });
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"~\n[T] ~|~[/T]\n~|~[T]hm[/T]42~", "<t>|~ </t>~|~<t>hm </t> 42~"})
    void blanksOfTheTagsThemselvesDistinguishNothing(String open, String close, String content) {
        var splitter = splitter(ThinkTags.of(open, close));
        content.chars().forEach(c -> splitter.accept(String.valueOf((char) c)));
        splitter.end();

        assertThat(text).hasToString("42");
        assertThat(reasoning).hasToString("hm");
    }
}
