package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.rein.agent.Agent;
import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.Guardrail;
import dev.rein.model.Image;
import dev.rein.model.Model;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.testkit.ScriptedModel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenAIModerationTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "{\"results\":[{\"flagged\":false,\"categories\":{\"violence\":false}}]}";

    @BeforeEach
    void startServer() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/moderations", exchange -> {
            requests.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    private OpenAIModeration.Builder moderation() {
        return OpenAIModeration.builder()
                .apiKey("key-12345")
                .baseUrl("http://localhost:" + server.getAddress().getPort() + "/v1");
    }

    private static RunOutput run(Guardrail guardrail, RunInput input) {
        Model model = ScriptedModel.always("Fine");
        return Agent.builder().model(model).guardrails(guardrail).build().run(input, RunOptions.defaults());
    }

    @Test
    void asksTheServer() throws Exception {
        var output = run(moderation().build(), RunInput.of("How are you?"));

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(requests).hasSize(1);
        assertThat(requests.getFirst()).startsWith("Bearer key-12345 ");
        assertThat(new ObjectMapper().readTree(requests.getFirst().substring("Bearer key-12345 ".length())))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"model\":\"omni-moderation-latest\",\"input\":\"How are you?\"}"));
    }

    @Test
    void refusesWhatIsFlagged() {
        answer = "{\"results\":[{\"flagged\":true,\"categories\":{\"violence\":true,\"hate\":false}}]}";
        var output = run(moderation().build(), RunInput.of("x"));

        assertThat(output.failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
        assertThat(output.failure().message()).endsWith("refused the input: it is harmful: violence");
        assertThat(output.text()).isEmpty();
    }

    @Test
    void refusesTheGivenCategoriesOnly() {
        answer = "{\"results\":[{\"flagged\":true,\"categories\":{\"violence\":true,\"hate\":false}}]}";

        assertThat(run(moderation().categories("hate").build(), RunInput.of("x"))
                        .status())
                .isEqualTo(RunStatus.COMPLETED);
        assertThat(run(moderation().categories("hate", "violence").build(), RunInput.of("x"))
                        .status())
                .isEqualTo(RunStatus.ERROR);
    }

    @Test
    void sendsImages() {
        run(moderation().build(), RunInput.of("Look").image(Image.of(new byte[] {1, 2}, "image/png")));

        assertThat(requests.getFirst())
                .contains("{\"type\":\"text\",\"text\":\"Look\"}", "\"image_url\"", "data:image/png;base64,");
    }

    @Test
    void checksAnOutputBeforeItIsDelivered() {
        answer = "{\"results\":[{\"flagged\":true,\"categories\":{}}]}";
        var output = run(moderation().build().on(CheckPoint.OUTPUT), RunInput.of("x"));

        assertThat(output.failure().type()).isEqualTo("OutputCheckError");
        assertThat(output.text()).isEmpty();
    }

    @Test
    void anythingElseThanAVerdictFailsClosed() {
        for (var other : List.of(
                "",
                "{}",
                "{\"results\":[]}",
                "{\"results\":[{}]}",
                "<html>",
                "[1]",
                "{\"results\":[{\"flagged\":\"no\"}]}")) {
            answer = other;
            assertThat(run(moderation().build(), RunInput.of("x")).failure().kind())
                    .as(other)
                    .isEqualTo(RunFailure.Kind.GUARDRAIL);
        }
        status = 500;
        assertThat(run(moderation().build(), RunInput.of("x")).status()).isEqualTo(RunStatus.ERROR);
        assertThat(run(moderation().build().failOpen(), RunInput.of("x")).status())
                .isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aStopClosesTheConnectionToASilentServer() throws Exception {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var guardrail = OpenAIModeration.builder()
                    .apiKey("key-12345")
                    .baseUrl("http://localhost:" + silent.getLocalPort() + "/v1")
                    .build();
            var run = Agent.builder()
                    .model(ScriptedModel.always("Fine"))
                    .guardrails(guardrail)
                    .build()
                    .start("x");
            try (var connection = silent.accept()) {
                connection.setSoTimeout(60_000);
                assertThat(connection.getInputStream().read()).isPositive();
                run.cancel();
                var output = run.await();

                assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
                assertThat(output.abandoned()).isEmpty();
                assertThat(output.text()).isEmpty();
                connection.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (java.net.SocketException e) {
                // The client has reset the connection.
                assertThat(e).hasMessageContaining("reset");
            }
        }
    }
}
