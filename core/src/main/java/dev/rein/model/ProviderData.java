package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * Data that a provider wants back unchanged with the message or the tool call it came with, such as the signature of the model's
 * reasoning. It is stored with the history, and sent only to the model that made it: others would refuse it.
 *
 * @param provider the {@link Model#provider()} that made it
 * @param model the {@link Model#id()} that made it
 * @param data opaque to everybody else; must not be modified
 */
public record ProviderData(String provider, String model, JsonNode data) {
    public ProviderData {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(data, "data");
    }

    /** Whether the given model made this data. */
    public boolean isOf(Model other) {
        return provider.equals(other.provider()) && model.equals(other.id());
    }
}
