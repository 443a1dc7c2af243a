package dev.rein.anthropic.internal;

import dev.rein.model.ModelSettings;

/**
 * How a model was built.
 *
 * @param settings those that requests do not set themselves
 * @param promptCaching whether the provider is asked to cache the beginning of the conversation
 * @param structuredOutput whether the API's parameter for the schema of an answer is used, instead of an instruction
 */
public record RequestOptions(
        String model, ModelSettings settings, Thinking thinking, boolean promptCaching, boolean structuredOutput) {

    /** Reasoning counts towards the limit, and needs room beside the answer. */
    private static final int WITH_REASONING = 32_000;

    private static final int DEFAULT = 16_000;
    private static final int CLAUDE_3_5 = 8_192;
    private static final int CLAUDE_3 = 4_096;

    /**
     * The limit of a response when none is set: the API requires one, and rejects limits above what the model can generate. See
     * <a href="https://platform.claude.com/docs/en/about-claude/models/overview">models</a>.
     */
    int defaultMaxTokens(boolean withEffort) {
        if (model.startsWith("claude-3-") && !model.startsWith("claude-3-7")) {
            return model.startsWith("claude-3-5") ? CLAUDE_3_5 : CLAUDE_3;
        }
        return switch (thinking) {
            case Thinking.Budget budget -> budget.tokens() + DEFAULT;
            case Thinking.Adaptive _ -> WITH_REASONING;
            case Thinking.ProviderDefault _ -> withEffort ? WITH_REASONING : DEFAULT;
        };
    }
}
