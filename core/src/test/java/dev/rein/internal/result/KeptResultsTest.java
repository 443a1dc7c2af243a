package dev.rein.internal.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.tool.ToolArgumentException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptResultsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MEBI = 1 << 20;

    private final KeptResults results = new KeptResults(true);

    private static ObjectNode request(String id, long from, long lines) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("from", from)
                .put("lines", lines);
    }

    /** All that the model gets, read in parts. */
    private static String readAll(KeptResults results, String id, int lines, int limit) {
        var text = new StringBuilder();
        for (long from = 1; from > 0; ) {
            var part = results.read(request(id, from, lines), limit);
            var note = part.lastIndexOf("\n[");
            text.append(part, 0, note);
            var next = part.indexOf("continue with from ", note);
            from = next < 0 ? 0 : Long.parseLong(part.substring(next + 19, part.length() - 1));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"short\n", "\n", "x", "\u00fc\ud83d\ude80", "line of some words\r\n"})
    void thePartsAreTheWhole(String piece) {
        var text = piece.repeat(5_000);
        results.cut(new ResultText(text, true), 10);
        assertThat(readAll(results, "r1", 70, 100_000)).isEqualTo(text);
        assertThat(readAll(results, "r1", 1_000_000, 3_000)).isEqualTo(text);
    }

    @Test
    void linesAreCountedAsTheyAreRead() {
        var text = IntStream.rangeClosed(1, 1_000)
                .mapToObj(i -> i + "\n" + "y".repeat(ThreadLocalRandom.current().nextInt(50)) + "\n")
                .collect(Collectors.joining());
        for (int limit = 1; limit < 20_000; limit += 997) {
            var cut = results.cut(new ResultText(text, true), limit);
            var id = cut.substring(cut.indexOf("id \"") + 4, cut.indexOf("\" and from"));
            var from = Integer.parseInt(cut.substring(cut.indexOf("and from ") + 9, cut.indexOf(" gives the")));
            var shown = cut.substring(0, cut.lastIndexOf("\n[cut"));
            assertThat(from)
                    .isEqualTo((int) shown.chars().filter(c -> c == '\n').count() + 1);
            assertThat(results.read(request(id, from, 1), 1_000))
                    .startsWith(text.lines().skip(from - 1).findFirst().orElseThrow());
        }
    }

    @Test
    void millionsOfShortLinesAreReadInLinearTime() {
        var text = "a\n".repeat(4 * MEBI);
        Assertions.assertTimeoutPreemptively(SOON, () -> {
            results.cut(new ResultText(text, true), 10);
            assertThat(results.read(request("r1", 1, Integer.MAX_VALUE), Integer.MAX_VALUE))
                    .startsWith(text);
            for (int i = 0; i < 10_000; i++) {
                results.read(request("r1", 4L * MEBI - 10, 5), 1_000);
            }
        });
    }

    @Test
    void strangeNumbersOfLinesAreRefusedOrClamped() {
        results.cut(new ResultText("a\nb\nc\n".repeat(100), true), 10);
        assertThat(results.read(request("r1", -5, -5), 100)).startsWith("a\n\n[lines 1 to 1;");
        assertThatExceptionOfType(ToolArgumentException.class)
                .isThrownBy(() -> results.read(request("r1", Long.MAX_VALUE, 1), 100))
                .withMessageContaining("has 300 lines");
    }

    @Test
    void aHugeResultIsKeptInPart() {
        var text = "0123456789abcde\n".repeat(MEBI);
        var note = results.cut(new ResultText(text, true), 10);
        assertThat(note).contains("16,777,216 characters");
        assertThat(readAll(results, "r1", Integer.MAX_VALUE, Integer.MAX_VALUE)).hasSize(8 * MEBI);
    }

    @Test
    void aRunKeepsItsLastResults() {
        for (int i = 1; i <= 5; i++) {
            results.cut(new ResultText((i + "234567\n").repeat(MEBI), true), 10);
        }
        assertThatExceptionOfType(ToolArgumentException.class)
                .isThrownBy(() -> results.read(request("r3", 1, 1), 100))
                .withMessageContaining("call the tool again");
        assertThat(results.read(request("r4", 1, 1), 100)).startsWith("4234567");
        assertThat(results.read(request("r5", 1, 1), 100)).startsWith("5234567");
    }

    @Test
    void allRunsTogetherAreBoundedAndAnEndedRunTakesNothing() {
        var space = new ResultSpace(1_000);
        var first = new KeptResults(true, space);
        var second = new KeptResults(true, space);
        first.cut(new ResultText("a".repeat(600), true), 10);
        second.cut(new ResultText("b".repeat(600), true), 10);
        assertThat(space.size()).isEqualTo(600);
        assertThatExceptionOfType(ToolArgumentException.class).isThrownBy(() -> first.read(request("r1", 1, 1), 100));
        assertThat(second.read(request("r1", 1, 1), 1_000)).startsWith("bbb");
        second.release();
        assertThat(space.size()).isZero();
        first.release();
        assertThat(space.size()).isZero();
    }

    @Test
    void theLargestLimitIsOne() {
        assertThat(new KeptResults(false).charactersToRead(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        assertThat(results.cut(new ResultText("abc", true), Integer.MAX_VALUE)).isEqualTo("abc");
    }
}
