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

/** Creates clients of OpenAI's SDK that neither retry nor log nor start threads. */
final class SdkClients {

    private static final JsonMapper MAPPER = ProviderJson.forSdk();

    private SdkClients() {}

    static OpenAIClient client(Endpoint endpoint, String apiKey) {
        return client(endpoint, apiKey, HttpTransport.INSTANCE);
    }

    static OpenAIClient client(Endpoint endpoint, String apiKey, HttpClient transport) {
        var options = ClientOptions.builder()
                .httpClient(transport)
                .jsonMapper(MAPPER)
                .baseUrl(endpoint.baseUrl().toString())
                .apiKey(apiKey)
                // The kernel retries, because it knows whether the run has been stopped.
                .maxRetries(0)
                .sleeper(NoSleep.INSTANCE)
                .streamHandlerExecutor(Runnable::run)
                // The SDK would print requests and responses to standard error.
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
            // Otherwise a custom Authorization header would be sent in addition to the SDK's.
            options.removeHeaders(name);
            options.putHeader(name, value);
        });
        return new OpenAIClientImpl(options.build());
    }

    /** Never used, because the client does not retry. The SDK's default has a thread for each client. */
    private enum NoSleep implements Sleeper {
        INSTANCE;

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException("the SDK must not retry");
        }

        @Override
        public CompletableFuture<Void> sleepAsync(Duration duration) {
            throw new UnsupportedOperationException("the SDK must not retry");
        }

        @Override
        public void close() {}
    }
}
