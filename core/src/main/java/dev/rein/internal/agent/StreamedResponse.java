package dev.rein.internal.agent;

import dev.rein.model.ModelException;
import dev.rein.model.ModelResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a model has streamed of a response: it is limited, and tells what the response has beyond it. Some models stream only a part of what
 * they return, such as their reasoning. Used by one thread.
 */
final class StreamedResponse {
    /** The most characters of a response: of text, reasoning and tool calls. Models generate a few million at most. */
    static final int MAX_CHARACTERS = 16 << 20;

    private final String model;
    private final StringBuilder text = new StringBuilder(0);
    private final StringBuilder reasoning = new StringBuilder(0);
    private long characters;
    private boolean hasText;

    /** @param model the id of the model, for messages */
    StreamedResponse(String model) {
        this.model = model;
    }

    /**
     * Counts characters of any kind.
     *
     * @throws ModelException if there are too many
     */
    void count(int number) {
        characters += Math.max(0, number);
        if (characters > MAX_CHARACTERS) {
            throw new ModelException(
                    ModelException.Kind.MALFORMED,
                    "the response of model " + model + " has more than " + MAX_CHARACTERS
                            + " characters, which is the most that is read: it does not seem to end. Set maxOutputTokens,"
                            + " or use another model");
        }
    }

    /** Adds what is about to be delivered. */
    void add(String delta, @Nullable String reasoningDelta) {
        count(delta.length() + (reasoningDelta == null ? 0 : reasoningDelta.length()));
        text.append(delta);
        hasText |= !isBlank(delta);
        if (reasoningDelta != null) {
            reasoning.append(reasoningDelta);
        }
    }

    /** Whether there is text that can be seen. */
    boolean hasText() {
        return hasText;
    }

    /** The text of the response that has not been streamed; empty if all of it has been, or another text. */
    String missingText(ModelResponse response) {
        return missing(text, response.text());
    }

    /** The reasoning of the response that has not been streamed. */
    String missingReasoning(ModelResponse response) {
        return response.reasoning() == null ? "" : missing(reasoning, response.reasoning());
    }

    /** Blanks at the beginning are ignored: some models drop them from what they return. */
    private static String missing(StringBuilder streamed, String returned) {
        if (returned.startsWith(streamed.toString())) {
            return returned.substring(streamed.length());
        }
        var visible = streamed.toString().stripLeading();
        var rest = returned.stripLeading();
        return rest.startsWith(visible) ? rest.substring(visible.length()) : "";
    }

    /** Whether nothing of a text can be seen: it has only white space, and characters that have no width. */
    static boolean isBlank(String text) {
        return text.codePoints()
                .allMatch(c -> Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT
                        || isInvisible(c));
    }

    /** Characters without a glyph that Unicode counts among letters, marks and symbols. */
    private static boolean isInvisible(int c) {
        return switch (c) {
            case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0 -> true;
            // Variation selectors.
            default -> (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
        };
    }
}
