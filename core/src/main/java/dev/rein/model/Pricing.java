package dev.rein.model;

/**
 * What a model costs.
 *
 * @param inputPerMillion US dollars for a million input tokens
 * @param outputPerMillion US dollars for a million output tokens
 */
public record Pricing(double inputPerMillion, double outputPerMillion) {
    public Pricing {
        if (!(inputPerMillion >= 0) || !(outputPerMillion >= 0)) {
            throw new IllegalArgumentException(
                    "prices are " + inputPerMillion + " and " + outputPerMillion + ": they must not be negative");
        }
    }

    /** US dollars for the given usage. */
    public double cost(Usage usage) {
        return (usage.inputTokens() * inputPerMillion + usage.outputTokens() * outputPerMillion) / 1_000_000;
    }
}
