package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Data that a provider wants back unchanged with the message or the tool call it came with, such as the signature of the model's
 * reasoning. It is stored with the history, and sent only to the model that made it, at the server that made it: others would refuse it,
 * and it may be encrypted with the server's key.
 *
 * @param provider the {@link Model#provider()} that made it
 * @param model the {@link Model#id()} that made it
 * @param server the {@link Model#server()} that made it; null if it is unknown, as in what an earlier version has stored: then any server
 *     of the provider gets it
 * @param data opaque to everybody else; must not be modified
 */
public record ProviderData(
        String provider, String model, @Nullable String server, JsonNode data) {
    public ProviderData {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(data, "data");
    }

    /** Data of an unknown server. */
    public ProviderData(String provider, String model, JsonNode data) {
        this(provider, model, null, data);
    }

    /** Data that a model has made. */
    public static ProviderData of(Model model, JsonNode data) {
        return new ProviderData(model.provider(), model.id(), model.server(), data);
    }

    /** Whether the given model, at its server, made this data. */
    public boolean isOf(Model other) {
        return provider.equals(other.provider())
                && model.equals(other.id())
                && (server == null || server.equals(other.server()));
    }
}
