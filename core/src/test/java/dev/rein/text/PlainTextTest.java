package dev.rein.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PlainTextTest {

    @Test
    void escapeSequencesBecomeVisible() {
        assertThat(PlainText.of("a\u001b]52;c;cm0=\u0007b")).isEqualTo("a\\u001b]52;c;cm0=\\u0007b");
        assertThat(PlainText.of("\u009b8m\u007f\b")).isEqualTo("\\u009b8m\\u007f\\u0008");
        assertThat(PlainText.of("\u202egpj.exe\u2066\ufeff\u200b\u00ad"))
                .isEqualTo("\\u202egpj.exe\\u2066\\ufeff\\u200b\\u00ad");
        assertThat(PlainText.of("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void everyOtherTextStaysAsItIs() {
        var text = "Grüße, \t\"日本\" 👩‍👩‍👧 ✌️\nनमस्ते \\ ~ \u00a0";

        assertThat(PlainText.of(text)).isSameAs(text);
        assertThat(PlainText.of("漢\udb40\udd00")).isEqualTo("漢\udb40\udd00");
        assertThat(PlainText.of("\udb40")).isEqualTo("\udb40");
        assertThat(PlainText.of("")).isEmpty();
    }

    @Test
    void lineBreaksOfAllSystemsAreKept() {
        assertThat(PlainText.of("a\r\nb\rc\nd\r")).isEqualTo("a\nb\nc\nd\n");
    }

    @Test
    void aLineHasNoLineBreak() {
        assertThat(PlainText.line("a \n\t b\r\n\r\nc\u2028d\u0085e\u000bf\u000cg"))
                .isEqualTo("a b c d e f g");
        assertThat(PlainText.line("a  b\tc ")).isEqualTo("a  b c ");
        assertThat(PlainText.line("\u001b[2K\n")).isEqualTo("\\u001b[2K ");
    }

    @Test
    void noControlCharacterIsLeft() {
        IntStream.rangeClosed(0, 0xFFFF)
                .filter(each -> Character.isISOControl(each) && each != '\n' && each != '\t')
                .forEach(
                        each -> assertThat(PlainText.of("x" + (char) each + "y").chars())
                                .noneMatch(shown -> shown != '\n' && Character.isISOControl(shown)));
    }

    @Test
    void jsonKeepsItsValue() throws Exception {
        var value = "\u007f\u009b\u202e\udb40\udc41";
        var json = new ObjectMapper();

        assertThat(json.readValue(PlainText.of("\"" + value + "\""), String.class))
                .isEqualTo(value);
    }

    @Test
    void messagesAreOneLine() {
        assertThat(PlainText.message(new IllegalStateException("a\n09:00 ERROR b")))
                .isEqualTo("a 09:00 ERROR b");
        assertThat(PlainText.message(new IllegalStateException(" "))).isEqualTo("java.lang.IllegalStateException");
        assertThat(PlainText.message(new IllegalStateException((String) null)))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(PlainText.message(new RuntimeException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new StackOverflowError();
                    }
                }))
                .startsWith(getClass().getName());
    }

    /** Quadratic in the number of blanks this takes an hour. */
    @Test
    @Timeout(60)
    void aMillionBlanksTakeNoTime() {
        for (var blanks : new String[] {" ".repeat(5_000_000), "\t ".repeat(2_500_000), " \u2003".repeat(2_500_000)}) {
            assertThatNoException().isThrownBy(() -> PlainText.line(blanks + "x"));
        }
        assertThat(PlainText.line(" ".repeat(5_000_000) + "\n")).isEqualTo(" ");
    }
}
