package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table of prices by model. It is used for models that have no {@link Model#pricing()} of their own. Immutable and
 * thread-safe.
 *
 * {@snippet :
 * var prices = Prices.list().with("our-model", new Pricing(0.2, 0.8));
 * }
 */
public final class Prices {
    /** A table without prices: cost limits then need models with a {@link Model#pricing()}. */
    public static final Prices NONE = new Prices(Map.of());

    private static final String RESOURCE = "prices.json";

    /** As providers append it: {@code gpt-4o-mini-2024-07-18}, {@code claude-sonnet-4-20250514}. */
    private static final Pattern DATE = Pattern.compile("-(\\d{4}-\\d{2}-\\d{2}|\\d{8})$");

    private final Map<String, Pricing> byModel;

    private Prices(Map<String, Pricing> byModel) {
        this.byModel = Map.copyOf(byModel);
    }

    /**
     * The list prices of well-known models, in US dollars, without discounts, surcharges for long prompts and the prices of
     * cache writes. They are part of the library and as old as {@link #listDate()}: providers change them.
     */
    public static Prices list() {
        return PriceList.INSTANCE.prices;
    }

    /** The date of the prices in {@link #list()}. */
    public static LocalDate listDate() {
        return PriceList.INSTANCE.date;
    }

    /**
     * Returns a table of these prices only.
     *
     * @param byModel the prices by model id, see {@link #find}
     */
    public static Prices of(Map<String, Pricing> byModel) {
        return new Prices(byModel);
    }

    /** Returns a copy with the price of another model, which replaces an earlier one of the same id. */
    public Prices with(String modelId, Pricing pricing) {
        var changed = new LinkedHashMap<>(byModel);
        changed.put(Objects.requireNonNull(modelId, "modelId"), Objects.requireNonNull(pricing, "pricing"));
        return new Prices(changed);
    }

    /** The ids of the models in this table. */
    public Set<String> models() {
        return byModel.keySet();
    }

    /**
     * Returns the price of a model. If its id is not in the table, it is looked for without the provider before its last slash,
     * as in {@code openai/gpt-4o-mini}, and then without a date at its end, as in {@code gpt-4o-mini-2024-07-18}.
     *
     * @param modelId the id at the provider
     * @return null if the table has no price for it
     */
    public @Nullable Pricing find(String modelId) {
        var exact = byModel.get(modelId);
        if (exact != null) {
            return exact;
        }
        var name = modelId.substring(modelId.lastIndexOf('/') + 1);
        var dated = byModel.get(name);
        return dated != null ? dated : byModel.get(DATE.matcher(name).replaceFirst(""));
    }

    /** The price of a model: its own, or that of this table; null if it has none in either. */
    public @Nullable Pricing of(Model model) {
        var own = model.pricing();
        return own != null ? own : find(model.id());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Prices prices && byModel.equals(prices.byModel);
    }

    @Override
    public int hashCode() {
        return byModel.hashCode();
    }

    @Override
    public String toString() {
        return "Prices" + byModel;
    }

    /** Read when it is first needed. */
    private record PriceList(LocalDate date, Prices prices) {
        static final PriceList INSTANCE = read();

        private static PriceList read() {
            try (var in = Prices.class.getResourceAsStream(RESOURCE)) {
                var list = new JsonMapper().readTree(Objects.requireNonNull(in, RESOURCE));
                var byModel = new LinkedHashMap<String, Pricing>();
                for (var provider : list.path("providers")) {
                    provider.path("models")
                            .properties()
                            .forEach(model -> byModel.put(model.getKey(), pricing(model.getValue())));
                }
                return new PriceList(LocalDate.parse(list.path("date").asText()), new Prices(byModel));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Pricing pricing(JsonNode price) {
            var input = price.path("input").asDouble(Double.NaN);
            return new Pricing(
                    input,
                    price.path("output").asDouble(Double.NaN),
                    price.path("cachedInput").asDouble(input));
        }
    }
}
