package dev.rein.bench.provider;

import dev.rein.agent.Agent;
import dev.rein.openai.OpenAIChat;
import java.io.IOException;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/** What the measurements share: the provider's process, an agent that talks to it, and a bare client. Made when first used. */
public final class Setup implements AutoCloseable {
    private static final String BUFFER = "jdk.httpclient.bufsize";

    private @Nullable ProviderProcess provider;
    private @Nullable Agent agent;
    private @Nullable HttpClient bare;

    public Setup() {
        // Read once per process, by the first client; the models of Rein set the same. Run and floor must not differ in
        // it.
        if (System.getProperty(BUFFER) == null) {
            System.setProperty(BUFFER, "2048");
        }
    }

    public ProviderProcess provider() throws IOException {
        if (provider == null) {
            provider = ProviderProcess.start();
        }
        return provider;
    }

    public Agent agent() throws IOException {
        if (agent == null) {
            var model = OpenAIChat.builder()
                    .id("fake-model")
                    .apiKey("none")
                    .baseUrl(provider().baseUrl().toString())
                    .build();
            agent = Agent.builder().name("Bench Agent").model(model).build();
        }
        return agent;
    }

    public HttpClient bare() {
        if (bare == null) {
            bare = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        }
        return bare;
    }

    @Override
    public void close() {
        if (provider != null) {
            provider.close();
        }
        if (bare != null) {
            bare.shutdownNow();
        }
    }
}
