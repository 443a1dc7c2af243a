package dev.rein.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.rein.http.ModelEndpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Builds an HTTP client for the models of LangChain4j, to be given to their {@code httpClientBuilder(..)}. A stop of the run that calls
 * the model closes the connection at once: while connecting, before the first token, and in mid-stream. All clients share the
 * connections of Rein's own models. Failures keep the delay that a server asks for. Also usable without Rein. Not thread-safe; the
 * clients are.
 *
 * <p>Requests with form data, which no chat model sends, are refused.
 */
public final class ReinHttpClientBuilder implements HttpClientBuilder {
    private @Nullable Duration connectTimeout;
    private @Nullable Duration readTimeout;
    private java.net.http.@Nullable HttpClient httpClient;

    /** A builder with the default timeouts. */
    public ReinHttpClientBuilder() {}

    @Override
    public @Nullable Duration connectTimeout() {
        return connectTimeout;
    }

    /** Maximum time for connecting; 10 s by default. Without effect on a custom {@link #httpClient}. */
    @Override
    public ReinHttpClientBuilder connectTimeout(@Nullable Duration timeout) {
        connectTimeout = timeout;
        return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
        return readTimeout;
    }

    /** Maximum time until the response begins; none by default. */
    @Override
    public ReinHttpClientBuilder readTimeout(@Nullable Duration timeout) {
        readTimeout = timeout;
        return this;
    }

    /** A custom client below, for example with certificates or a proxy. The caller remains responsible for closing it. */
    public ReinHttpClientBuilder httpClient(java.net.http.HttpClient newClient) {
        httpClient = newClient;
        return this;
    }

    @Override
    public HttpClient build() {
        var endpoint = ModelEndpoint.builder().urlSetting("the base URL of the model");
        if (httpClient != null) {
            endpoint.httpClient(httpClient);
        } else if (connectTimeout != null) {
            endpoint.connectTimeout(connectTimeout);
        }
        return new ReinHttpClient(endpoint, readTimeout);
    }
}
