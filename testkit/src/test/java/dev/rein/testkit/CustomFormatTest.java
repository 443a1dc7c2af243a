package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A provider that is given the format of an API that is not built in, and bodies without a stream. */
class CustomFormatTest {

    /** Lines of plain text. */
    private static final class Lines implements ProviderFormat {
        @Override
        public boolean serves(ReceivedRequest request) {
            return request.path().equals("/v1/lines");
        }

        @Override
        public boolean isStreamed(ReceivedRequest request, JsonNode body) {
            return true;
        }

        @Override
        public String contentType() {
            return "text/plain";
        }

        @Override
        public ResponseEncoder encoder(ReceivedRequest request, JsonNode body) {
            return new ResponseEncoder() {
                @Override
                public String begin() {
                    return "begin\n";
                }

                @Override
                public String text(String token) {
                    return token + "\n";
                }

                @Override
                public String reasoning(String token) {
                    return "";
                }

                @Override
                public String callStart(String id, String name) {
                    return name;
                }

                @Override
                public String callArguments(String fragment) {
                    return fragment;
                }

                @Override
                public String end(String finishReason, Usage usage, boolean withUsage) {
                    return "end " + finishReason + "\n";
                }

                @Override
                public String fail(String code, String message, boolean event) {
                    return "failed\n";
                }

                @Override
                public ObjectNode whole() {
                    return FixtureJson.object();
                }
            };
        }

        @Override
        public String error(int status, String message) {
            return "error " + status + " " + message;
        }

        @Override
        public ModelRequest read(ReceivedRequest request) {
            return ModelRequest.of(Message.user(request.bodyText()));
        }

        @Override
        public List<String> violations(ReceivedRequest request) {
            return List.of();
        }
    }

    private static String answer(Script script) throws Exception {
        try (var provider = FakeProvider.builder().format(new Lines()).start()) {
            return TestClients.send(provider.enqueue(script), "/lines", "{}").body();
        }
    }

    @Test
    void scriptsArePlayedInTheFormatOfTheTest() throws Exception {
        assertThat(answer(Script.tokens("a", "b"))).isEqualTo("begin\na\nb\nend stop\n");
        assertThat(answer(Script.toolCall("look", "{}"))).isEqualTo("begin\nlook{}end tool_calls\n");
        assertThat(answer(Script.text("a").thenFail("x", "y"))).isEqualTo("begin\na\nfailed\n");
        assertThat(answer(Script.status(503, "busy"))).isEqualTo("error 503 busy");
    }

    @Test
    void aBodyCanEndEarlyOrBeSomethingElse() throws Exception {
        assertThat(answer(Script.text("a").thenEndOfBody().thenText("b"))).isEqualTo("begin\na\n");
        assertThat(answer(Script.wholeBody("text/html", "<html>"))).isEqualTo("<html>");
        assertThat(answer(Script.wholeBody("text/html", ""))).isEmpty();
    }
}
