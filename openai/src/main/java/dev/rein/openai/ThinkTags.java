package dev.rein.openai;

/**
 * The tags around the reasoning in the text of a model whose server does not separate the two. What is between them becomes reasoning, and
 * is no part of the answer. Reasoning whose closing tag is missing, because the response was cut off, is reasoning too. Reasoning begins at
 * the start of a response; tags behind other text are text, such as those of an answer about tags, unless {@link #anywhere()} is set.
 * Immutable.
 *
 * {@snippet :
 * OpenAIChat.builder().id("qwen3").baseUrl("http://localhost:8000/v1").thinkTags(ThinkTags.THINK).build();
 * }
 *
 * @param open the opening tag, such as {@code <think>}
 * @param close the closing tag, such as {@code </think>}
 * @param opening whether responses contain the opening tag
 * @param anywhere whether reasoning may also begin behind text of the answer, as with models that think several times in one response
 */
public record ThinkTags(String open, String close, Opening opening, boolean anywhere) {

    /** Whether responses contain the opening tag. Some chat templates make it the end of the prompt, so that it is in no response. */
    public enum Opening {
        /** A response without the opening tag contains no reasoning. Its text is delivered as it arrives. */
        ALWAYS,
        /**
         * A response that does not begin with the opening tag may begin with reasoning nevertheless. Its text is delivered when the closing
         * tag or the end of the response is received: until then it is unknown which of the two it is.
         */
        MAYBE,
        /** Every response begins with reasoning, which is delivered as it arrives, with or without the opening tag. */
        NEVER
    }

    /** {@code <think>} and {@code </think>}, of which the first may be missing. */
    public static final ThinkTags THINK = of("<think>", "</think>");

    /** @throws IllegalArgumentException if a tag is blank, or both are the same */
    public ThinkTags {
        if (open.isBlank() || close.isBlank() || open.equals(close)) {
            throw new IllegalArgumentException("the tags are \"" + open + "\" and \"" + close
                    + "\": use two different ones, such as \"<think>\" and \"</think>\"");
        }
    }

    /** Two tags around reasoning at the start of a response. */
    public ThinkTags(String open, String close, Opening opening) {
        this(open, close, opening, false);
    }

    /** Two tags around reasoning at the start of a response, of which the first may be missing. */
    public static ThinkTags of(String open, String close) {
        return new ThinkTags(open, close, Opening.MAYBE);
    }

    /** A copy that expects the opening tag as given. */
    public ThinkTags withOpening(Opening newOpening) {
        return new ThinkTags(open, close, newOpening, anywhere);
    }

    /** A copy with which reasoning may also begin behind text, or only at the start. */
    public ThinkTags withAnywhere(boolean newAnywhere) {
        return new ThinkTags(open, close, opening, newAnywhere);
    }
}
