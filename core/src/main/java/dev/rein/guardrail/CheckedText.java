package dev.rein.guardrail;

import dev.rein.model.Image;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is checked. Immutable.
 *
 * @param point where
 * @param text the text to be checked, which a rewrite replaces; for tool arguments a JSON object
 * @param preceding for an output that is checked by sentence, what has passed of the same response before it, at most its last
 *     10,000 characters; otherwise empty
 * @param precedingLength the number of code points of all that has passed before it, of which {@code preceding} may be the end
 * @param images the images of an input; empty for everything else
 * @param toolName the name of the tool; null unless it is about a tool call
 * @param reasoning whether an output is the model's reasoning rather than its answer
 */
public record CheckedText(
        CheckPoint point,
        String text,
        String preceding,
        int precedingLength,
        List<Image> images,
        @Nullable String toolName,
        boolean reasoning) {
    public CheckedText {
        Objects.requireNonNull(point, "point");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(preceding, "preceding");
        images = List.copyOf(images);
    }

    /** A text alone, for tests of checks. */
    public static CheckedText of(CheckPoint point, String text) {
        return new CheckedText(point, text, "", 0, List.of(), null, false);
    }

    /** Leaves the texts out: they may be what must not be seen. */
    @Override
    public String toString() {
        return "CheckedText[" + point + ", " + text.length() + " characters]";
    }
}
