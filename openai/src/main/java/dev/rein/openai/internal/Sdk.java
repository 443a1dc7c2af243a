package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.Sleeper;
import com.openai.core.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Makes clients of OpenAI's SDK that do nothing on their own: no retries, no logs, no threads. */
final class Sdk {

    private static final JsonMapper MAPPER = ProviderJson.forSdk();

    private Sdk() {}

    static OpenAIClient client(Endpoint endpoint, String apiKey) {
        return client(endpoint, apiKey, HttpTransport.INSTANCE);
    }

    static OpenAIClient client(Endpoint endpoint, String apiKey, HttpClient transport) {
        var options = ClientOptions.builder()
                .httpClient(transport)
                .jsonMapper(MAPPER)
                .baseUrl(endpoint.baseUrl().toString())
                .apiKey(apiKey)
                // Retries are the kernel's: it knows whether the run still wants one.
                .maxRetries(0)
                .sleeper(NoSleep.INSTANCE)
                .streamHandlerExecutor(Runnable::run)
                // The SDK would print requests and answers to standard error.
                .logLevel(LogLevel.OFF)
                .disableTelemetry(true)
                .putHeader("User-Agent", "rein");
        if (endpoint.organization() != null) {
            options.organization(endpoint.organization());
        }
        if (endpoint.project() != null) {
            options.project(endpoint.project());
        }
        endpoint.headers().forEach((name, value) -> {
            // Or one's own Authorization would be sent beside the SDK's.
            options.removeHeaders(name);
            options.putHeader(name, value);
        });
        return new OpenAIClientImpl(options.build());
    }

    /** Never asked to sleep, as nothing is retried. The SDK's own one has a thread for each client. */
    private enum NoSleep implements Sleeper {
        INSTANCE;

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException("retries are the kernel's");
        }

        @Override
        public CompletableFuture<Void> sleepAsync(Duration duration) {
            throw new UnsupportedOperationException("retries are the kernel's");
        }

        @Override
        public void close() {}
    }
}
