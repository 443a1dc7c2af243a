package dev.rein.model;

/**
 * The prices of a model.
 *
 * @param inputPerMillion US dollars for a million input tokens
 * @param outputPerMillion US dollars for a million output tokens
 * @param cachedInputPerMillion US dollars for a million input tokens that were read from the provider's cache
 */
public record Pricing(double inputPerMillion, double outputPerMillion, double cachedInputPerMillion) {
    public Pricing {
        requirePrice("inputPerMillion", inputPerMillion);
        requirePrice("outputPerMillion", outputPerMillion);
        requirePrice("cachedInputPerMillion", cachedInputPerMillion);
    }

    /** Prices of a model whose cached input costs as much as other input. */
    public Pricing(double inputPerMillion, double outputPerMillion) {
        this(inputPerMillion, outputPerMillion, inputPerMillion);
    }

    private static void requirePrice(String name, double price) {
        if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    name + " is " + price + ": give US dollars for a million tokens, 0 for a model that costs nothing");
        }
    }

    /** Returns the cost of the given usage in US dollars. */
    public double cost(Usage usage) {
        var cached = Math.min(usage.cacheReadTokens(), usage.inputTokens());
        return ((usage.inputTokens() - cached) * inputPerMillion
                        + cached * cachedInputPerMillion
                        + usage.outputTokens() * outputPerMillion)
                / 1_000_000;
    }
}
