package dev.rein.internal.guardrail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {
    /** The pieces of a text that is written character by character, and what is left at its end. */
    private static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        var held = new StringBuilder();
        var looked = 0;
        for (var each : text.toCharArray()) {
            held.append(each);
            var end = Sentences.end(held, looked);
            looked = end < 0 ? Sentences.lookedAt(held) : 0;
            if (end > 0) {
                pieces.add(held.substring(0, end));
                held.delete(0, end);
            }
        }
        pieces.add(held.toString());
        return pieces;
    }

    @Test
    void sentencesAndLinesArePieces() {
        assertThat(pieces("One. (Two!) \"Three?\" Four\nFive… and six"))
                .containsExactly("One. ", "(Two!) ", "\"Three?\" ", "Four\n", "Five… ", "and six");
    }

    @Test
    void aNumberStaysInOnePiece() {
        assertThat(pieces("Call 555. 1234 now. Or not")).containsExactly("Call 555. 1234 now. ", "Or not");
        assertThat(pieces("Card 4111\n1111\n1111 1111. Thanks"))
                .containsExactly("Card 4111\n1111\n1111 1111. ", "Thanks");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "1", " ", "\n", "1\n", "1.", "a", "\"", ".\"", "\uD83D\uDE00", "...1 "})
    void noPieceIsLongAndNothingIsLost(String repeated) {
        var text = repeated.repeat(9_000 / repeated.length());
        var pieces = pieces(text);
        assertThat(String.join("", pieces)).isEqualTo(text);
        assertThat(pieces).allMatch(piece -> piece.length() <= Sentences.MAX);
        assertThat(pieces)
                .noneMatch(piece -> !piece.isEmpty() && Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
    }
}
