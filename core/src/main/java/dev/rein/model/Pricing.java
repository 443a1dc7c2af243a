package dev.rein.model;

/**
 * The prices of a model.
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

    /** Returns the cost of the given usage in US dollars. */
    public double cost(Usage usage) {
        return (usage.inputTokens() * inputPerMillion + usage.outputTokens() * outputPerMillion) / 1_000_000;
    }
}
