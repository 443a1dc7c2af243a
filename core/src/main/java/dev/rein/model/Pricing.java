package dev.rein.model;

/**
 * The prices of a model.
 *
 * @param inputPerMillion US dollars for a million input tokens
 * @param outputPerMillion US dollars for a million output tokens
 */
public record Pricing(double inputPerMillion, double outputPerMillion) {
    public Pricing {
        requirePrice("inputPerMillion", inputPerMillion);
        requirePrice("outputPerMillion", outputPerMillion);
    }

    private static void requirePrice(String name, double price) {
        if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    name + " is " + price + ": give US dollars for a million tokens, 0 for a model that costs nothing");
        }
    }

    /** Returns the cost of the given usage in US dollars. */
    public double cost(Usage usage) {
        return (usage.inputTokens() * inputPerMillion + usage.outputTokens() * outputPerMillion) / 1_000_000;
    }
}
