package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.tools.ToolRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server uses the client's model during a call. */
class SamplingTest {
    private static final String HELLO = """
            {"systemPrompt":"Be brief.","maxTokens":5000,"temperature":0.5,"stopSequences":["END"],"messages":[
             {"role":"user","content":{"type":"text","text":"Hi"}},
             {"role":"assistant","content":{"type":"text","text":"Hello."}},
             {"role":"user","content":{"type":"text","text":"Who are you?"}}]}""";

    @TempDir
    private Path directory;

    /** Records what it is asked, and answers or waits. */
    private static final class RecordingModel implements Model {
        private final List<ModelRequest> requests = new ArrayList<>();
        private final CompletableFuture<ModelResponse> response = new CompletableFuture<>();

        @Override
        public String id() {
            return "recorder";
        }

        @Override
        public String provider() {
            return "test";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            synchronized (requests) {
                requests.add(request);
            }
            try {
                return call.cancellation().await(response.copy(), null);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("the model is out of order", e);
            }
        }

        List<ModelRequest> requests() {
            synchronized (requests) {
                return List.copyOf(requests);
            }
        }
    }

    private static RecordingModel answering(String text) {
        var model = new RecordingModel();
        model.response.complete(ModelResponse.of(text));
        return model;
    }

    @ParameterizedTest
    @EnumSource
    void theModelAnswersWithinTheLimits(FullServers kind) throws Exception {
        var model = answering("A test.");
        try (var server = kind.start(directory);
                var mcp = server.client().sampling(model, 100, 1).connect()) {
            assertThat(server.received("initialize").getFirst().at("/params/capabilities"))
                    .hasToString("{\"sampling\":{}}");
            var result = FullMcpServer.JSON.readTree(ToolRun.resultWith("sample", HELLO, mcp.tools()));
            assertThat(result.at("/content/text").asText()).isEqualTo("A test.");
            assertThat(result.path("role").asText()).isEqualTo("assistant");
            assertThat(result.path("model").asText()).isEqualTo("recorder");

            var request = model.requests().getFirst();
            assertThat(request.messages())
                    .containsExactly(
                            Message.system("Be brief."),
                            Message.user("Hi"),
                            Message.assistant("Hello."),
                            Message.user("Who are you?"));
            assertThat(request.settings().maxOutputTokens()).isEqualTo(100);
            assertThat(request.settings().temperature()).isEqualTo(0.5);
            assertThat(request.settings().stop()).containsExactly("END");

            var twice = HELLO.replaceFirst("\\{", "{\"times\":2,");
            assertThat(ToolRun.resultWith("sample", twice, mcp.tools()))
                    .contains("all the responses of the model that it may have");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStopOfTheRunStopsTheModel(FullServers kind) throws Exception {
        var model = new RecordingModel();
        try (var server = kind.start(directory);
                var mcp = server.client().sampling(model).connect()) {
            var run = ToolRun.startWith("sample", HELLO, mcp.tools());
            await().until(() -> !model.requests().isEmpty());
            run.stop();
            assertThat(model.requests()).hasSize(1);
            await().untilAsserted(() ->
                    assertThat(server.received("notifications/cancelled")).hasSize(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatFailsAndBadRequestsAreErrorsForTheServer(FullServers kind) throws Exception {
        var model = new RecordingModel();
        model.response.completeExceptionally(new IllegalStateException("x"));
        try (var server = kind.start(directory);
                var mcp = server.client().sampling(model).connect()) {
            assertThat(ToolRun.resultWith("sample", HELLO, mcp.tools())).contains("the model gave no response");
            assertThat(ToolRun.resultWith("sample", "{'messages':[]}", mcp.tools()))
                    .contains("-32602", "give 1 to 100");
            assertThat(ToolRun.resultWith("sample", HELLO.replaceFirst("\\{", "{\"tools\":[{}],"), mcp.tools()))
                    .contains("-32602", "without tools");
        }
    }

    @Test
    void withoutAModelTheServerIsToldSo() throws Exception {
        try (var server = FullServers.HTTP.start(directory);
                var mcp = server.client().connect()) {
            assertThat(ToolRun.resultWith("sample", HELLO, mcp.tools())).contains("-32601", "does not support");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McpTools.stdio("x").sampling(new RecordingModel(), 0, 1))
                .withMessageContaining("0 tokens");
    }
}
