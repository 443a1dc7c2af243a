package dev.rein.cli.serve;

import dev.rein.runtime.Runs;
import dev.rein.telemetry.Telemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Spans and metrics of a server, where the standard variables {@code OTEL_*} say that there are any. Closing it sends what has not been
 * sent, for at most two seconds: a collector that does not answer must not hold up the end of the process.
 */
final class ServerTelemetry implements AutoCloseable {
    private static final Duration FLUSH = Duration.ofSeconds(2);

    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name",
            "rein",
            // The only protocol that needs no library of its own.
            "otel.exporter.otlp.protocol",
            "http/protobuf",
            "otel.logs.exporter",
            "none");

    private final OpenTelemetrySdk sdk;
    private final Runs.Registration registration;

    private ServerTelemetry(OpenTelemetrySdk sdk, Runs.Registration registration) {
        this.sdk = sdk;
        this.registration = registration;
    }

    /** Whether a variable of the environment asks for telemetry. */
    static boolean isWanted(Map<String, String> environment) {
        return !"true".equalsIgnoreCase(environment.getOrDefault("OTEL_SDK_DISABLED", ""))
                && environment.entrySet().stream()
                        .anyMatch(variable -> (variable.getKey().startsWith("OTEL_EXPORTER_OTLP_")
                                        || List.of("OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER")
                                                .contains(variable.getKey()))
                                && !variable.getValue().isBlank());
    }

    /** Observes all runs, as the variables of the process say. Throws an exception that names the variable if one is invalid. */
    static ServerTelemetry start(Runs runs) {
        var sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> DEFAULTS)
                .build()
                .getOpenTelemetrySdk();
        return new ServerTelemetry(sdk, Telemetry.of(sdk).observe(runs));
    }

    @Override
    public void close() {
        registration.close();
        // Some parts of the SDK wait longer than they are told to.
        var closing = Thread.ofPlatform().daemon().name("rein-telemetry-end").start(sdk::close);
        try {
            closing.join(FLUSH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
