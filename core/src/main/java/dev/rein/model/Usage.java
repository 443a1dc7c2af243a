package dev.rein.model;

/**
 * Tokens of one response or of a whole run, as the provider counts them.
 *
 * @param inputTokens tokens read, cached ones included
 * @param outputTokens tokens written, reasoning included
 * @param reasoningTokens the part of the output that was reasoning
 * @param cacheReadTokens the part of the input that came from the provider's cache
 */
public record Usage(long inputTokens, long outputTokens, long reasoningTokens, long cacheReadTokens) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    public static Usage of(long inputTokens, long outputTokens) {
        return new Usage(inputTokens, outputTokens, 0, 0);
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
