package dev.rein.model;

/**
 * The tokens of a response or a run, as counted by the provider.
 *
 * @param inputTokens the tokens of the input, including cached ones
 * @param outputTokens the tokens of the output, including reasoning
 * @param reasoningTokens the tokens of the output that are reasoning
 * @param cacheReadTokens the tokens of the input that were read from the provider's cache
 */
public record Usage(long inputTokens, long outputTokens, long reasoningTokens, long cacheReadTokens) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    public static Usage of(long inputTokens, long outputTokens) {
        return new Usage(inputTokens, outputTokens, 0, 0);
    }

    /** More tokens than any model can process in one request: a larger count is an error. */
    private static final long MOST_TOKENS = 1_000_000_000;

    /**
     * Whether the counts can be those of a request: none is negative, or larger than a thousand million. Providers have reported
     * such counts; they are ignored, and the tokens estimated.
     */
    public boolean isPlausible() {
        return isPlausible(inputTokens)
                && isPlausible(outputTokens)
                && isPlausible(reasoningTokens)
                && isPlausible(cacheReadTokens);
    }

    private static boolean isPlausible(long tokens) {
        return tokens >= 0 && tokens <= MOST_TOKENS;
    }

    public long totalTokens() {
        return inputTokens + outputTokens;
    }

    public Usage plus(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                reasoningTokens + other.reasoningTokens,
                cacheReadTokens + other.cacheReadTokens);
    }
}
