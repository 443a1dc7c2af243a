package dev.rein.guardrail;

/** Limits the length of texts. It checks the input; {@link Guardrail#on} makes it check elsewhere. */
public final class LengthLimit {
    private static final String NAME = "length_limit";
    private static final int CHARACTERS_PER_TOKEN = 4;

    private LengthLimit() {}

    /**
     * Refuses texts that are longer. An output is refused as soon as it is: its beginning has been delivered then, unless {@link
     * Guardrail#wholeOutput()} holds it back.
     *
     * @param max the maximum in characters (Unicode code points), at least 1
     */
    public static Guardrail characters(int max) {
        return limit(max, 1, "characters");
    }

    /**
     * Refuses texts that are longer, by an estimate of four characters for each token.
     *
     * @param max the maximum in tokens, at least 1
     */
    public static Guardrail tokens(int max) {
        return limit(max, CHARACTERS_PER_TOKEN, "tokens (estimated)");
    }

    private static Guardrail limit(int max, int charactersPerUnit, String unit) {
        if (max < 1) {
            throw new IllegalArgumentException("the maximum length is " + max + ": give at least 1");
        }
        return Guardrail.of(
                NAME,
                (text, _) -> {
                    var characters = (long) text.precedingLength()
                            + text.text().codePointCount(0, text.text().length());
                    var length = (characters + charactersPerUnit - 1) / charactersPerUnit;
                    return length <= max
                            ? Verdict.pass()
                            : Verdict.refuse("it is longer than " + max + " " + unit + ", which is the limit");
                },
                CheckPoint.INPUT);
    }
}
