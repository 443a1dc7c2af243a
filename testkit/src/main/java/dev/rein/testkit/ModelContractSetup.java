package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelRequest;
import dev.rein.model.ToolDefinition;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The fake server and the requests of a {@link ModelContract}. */
abstract class ModelContractSetup {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String MODEL_ID = "test-model";
    static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));

    static final JsonNode WEATHER_SCHEMA = FixtureJson.parsedOrText("""
            {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]}\
            """);
    static final ToolDefinition WEATHER = new ToolDefinition("weather", "Tells the weather", WEATHER_SCHEMA);

    FakeProvider provider;
    RecordingModelCall call;

    protected abstract ProviderFormat format();

    protected abstract Model model(String serverUrl, String id);

    protected Set<ModelCapability> missing() {
        return Set.of();
    }

    @BeforeEach
    void startProvider() {
        provider = FakeProvider.builder().format(format()).start();
        call = new RecordingModelCall();
    }

    @AfterEach
    void closeProvider() {
        try {
            for (var request : provider.requests()) {
                if (format().serves(request)) {
                    assertThat(format().violations(request))
                            .as("what the provider would reject in %s", request.bodyText())
                            .isEmpty();
                }
            }
        } finally {
            provider.close();
        }
    }

    final Model model() {
        return model(provider.url(), MODEL_ID);
    }

    final void needs(ModelCapability capability) {
        assumeFalse(missing().contains(capability), () -> "the provider's API does not have " + capability);
    }

    /** Waits until a condition holds that no event tells of. */
    static void await(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited " + PATIENCE + " for " + what);
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
    }
}
