package dev.rein.cli.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.print.TextWidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Markdown as rows of a terminal. {@code -Drein.golden=write} writes the expected files. */
class MarkdownTextTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "dev", "rein", "cli", "markdown");

    private static String sample() throws IOException {
        return Files.readString(FOLDER.resolve("sample.md")).replace("\r\n", "\n");
    }

    /** The rows of a text that arrives in parts of {@code length} characters. */
    private static List<String> rows(String markdown, int length, int columns, boolean colours) {
        var layout = new MarkdownText(columns, colours);
        var rows = new ArrayList<String>();
        for (var at = 0; at < markdown.length(); at += length) {
            rows.addAll(layout.add(markdown.substring(at, Math.min(at + length, markdown.length()))));
            assertThat(layout.pending()).allMatch(row -> !row.contains("\n"));
        }
        rows.addAll(layout.end());
        assertThat(layout.pending()).isEmpty();
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"40,false", "78,false", "78,true"})
    void itIsRenderedAsBefore(int columns, boolean colours) throws IOException {
        var text = String.join("\n", rows(sample(), 7, columns, colours)).replace("\u001b", "ESC") + "\n";
        var file = FOLDER.resolve("sample-" + columns + (colours ? "-colours" : "") + ".txt");
        if ("write".equals(System.getProperty("rein.golden"))) {
            Files.writeString(file, text);
        }
        assertThat(text).as(file.toString()).isEqualToNormalizingNewlines(Files.readString(file));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13, 100_000})
    void thePartsInWhichItArrivesMakeNoDifference(int length) throws IOException {
        assertThat(rows(sample(), length, 60, true)).isEqualTo(rows(sample(), 3, 60, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 80})
    void noRowIsWiderThanTheTerminal(int columns) throws IOException {
        assertThat(rows(sample(), 5, columns, false)).allMatch(row -> TextWidth.of(row) <= columns);
    }

    @Test
    void aBlockIsFinalOnceTheNextOneBegins() {
        var layout = new MarkdownText(40, false);

        assertThat(layout.add("one *two")).isEmpty();
        assertThat(layout.pending()).containsExactly("one *two");
        assertThat(layout.add("* three\n\n")).isEmpty();
        assertThat(layout.pending()).containsExactly("one two three");
        assertThat(layout.add("next\n")).containsExactly("one two three");
        assertThat(layout.pending()).containsExactly("", "next");
        assertThat(layout.add("```\ncode\nmore")).containsExactly("", "next", "", "  code");
        assertThat(layout.pending()).containsExactly("  more");
    }

    /** The parser turns entities into characters, after the text was made safe. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "&#27;[2J",
                "a &#x9b;31m",
                "`&#27;`",
                "[x](&#27;)",
                "[&#x202e;](y)",
                "|&#27;|b|\n|-|-|\n|1|2|",
                "# &#27;",
                "&#x200b;"
            })
    void entitiesAreNoWayToTheTerminal(String hostile) {
        assertThat(String.join("", rows(hostile, 100, 40, false)).codePoints())
                .noneMatch(each -> Character.isISOControl(each) || Character.getType(each) == Character.FORMAT);
    }

    @Test
    void hostileNestingAndLongBlocksTakeNoLongTime() {
        assertThat(rows("> ".repeat(5_000) + "x\n" + "- ".repeat(5_000) + "y\n", 4_000, 40, true))
                .isNotEmpty();
        assertThat(rows("[".repeat(20_000) + "*a_ `".repeat(5_000), 4_000, 40, true))
                .isNotEmpty();
        assertThat(rows("word ".repeat(100_000), 5_000, 40, true)).hasSizeGreaterThan(1_000);
    }
}
