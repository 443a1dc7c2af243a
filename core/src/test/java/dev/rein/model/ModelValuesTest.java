package dev.rein.model;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.run.RunInput;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RetryPolicy;
import dev.rein.runtime.RunOptions;
import dev.rein.tool.ToolSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of the model package and their checks. */
class ModelValuesTest {

    @Test
    void picturesOfTheInputReachTheModel() {
        var model = TestModel.of(says("A cat"));
        var url = new Image("https://example.org/cat.png");
        var bytes = Image.of(new byte[] {1, 2, 3}, "image/png");
        Agent.of(model, "").run(RunInput.of("What is it?").image(url).image(bytes), RunOptions.defaults());
        assertThat(model.told(0).images()).containsExactly(url, bytes);
        assertThat(bytes.url()).isEqualTo("data:image/png;base64,AQID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:///etc/passwd", "data:text/html,x", "ftp://example.org/cat.png"})
    void anAddressThatIsNoPictureIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Image(url))
                .withMessageContaining("it must be an http(s) address or a data:image/ URL");
    }

    @Test
    void aPictureInADataUrlHasATypeAndBytes() {
        var address = new Image("https://example.org/cat.png");
        assertThat(address.mimeType()).isNull();
        assertThat(address.base64()).isNull();
        assertThat(Image.of(new byte[] {1, 2, 3}, "image/png").base64()).isEqualTo("AQID");
        assertThat(Image.of(new byte[] {1, 2, 3}, "image/png").mimeType()).isEqualTo("image/png");
        var text = new Image("data:image/svg+xml;charset=utf-8,%3Csvg%3E+5% é%2");
        assertThat(text.mimeType()).isEqualTo("image/svg+xml");
        assertThat(Base64.getDecoder().decode(text.base64()))
                .isEqualTo("<svg>+5% é%2".getBytes(StandardCharsets.UTF_8));
        assertThat(new Image("data:image/png").mimeType()).isEqualTo("image/png");
        assertThat(new Image("data:image/png").base64()).isEmpty();
    }

    @Test
    void usageAddsUpAndCosts() {
        var sum = new Usage(10, 5, 3, 2).plus(new Usage(1, 1, 1, 1));
        assertThat(sum).isEqualTo(new Usage(11, 6, 4, 3));
        assertThat(sum.totalTokens()).isEqualTo(17);
        assertThat(new Pricing(2, 8).cost(Usage.of(1_000_000, 500_000))).isCloseTo(6, within(1e-9));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pricing(-1, 0))
                .withMessageContaining("-1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pricing(0, Double.NaN))
                .withMessageContaining("outputPerMillion is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pricing(Double.POSITIVE_INFINITY, 0))
                .withMessageContaining("inputPerMillion is Infinity: give US dollars");
    }

    @Test
    void messagesKeepWhatTheyAre() {
        var call = new ToolCall("c1", "search", "{}");
        var result = Message.tool(call, "found", false);
        assertThat(result.toolCallId()).isEqualTo("c1");
        assertThat(result.toolName()).isEqualTo("search");
        assertThat(result.asInterrupted().interrupted()).isTrue();
        assertThat(result.asInterrupted().withContent("other").interrupted()).isTrue();
        assertThat(ModelRequest.of(result).messages()).containsExactly(result);
        assertThat(Message.assistant("x", "why", List.of(call)).toolCalls()).containsExactly(call);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "umläut", "dots.are.not"})
    void aToolNameThatProvidersRefuseIsRefused(String name) {
        var schema = JsonNodeFactory.instance.objectNode();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolSpec.of(name, "x", schema, (arguments, context) -> 1))
                .withMessageContaining("tool name \"" + name + "\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolSpec.of("x".repeat(65), "x", schema, (arguments, context) -> 1));
    }

    @Test
    void otherValuesThatMakeNoSenseAreRefused() {
        var tool = TestTools.tool("t", context -> 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tool.withTimeout(Duration.ZERO))
                .withMessageContaining("timeout of a tool is PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DisconnectPolicy.cancelAfter(Duration.ofSeconds(-1)))
                .withMessageContaining("delay is PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.DEFAULT.initialDelay(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S");
        var output = Agent.of(TestModel.of(says("text")), "").run("Go");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> output.preview(-1))
                .withMessageContaining("length is -1");
        assertThat(output.preview(4)).isEqualTo("text");
    }

    @Test
    void failuresKeepWhatTheProviderSaid() {
        var cause = new IllegalStateException("socket");
        var failure = new ModelException(
                ModelException.Kind.RATE_LIMIT, "slow down", 429, "{\"error\":1}", Duration.ofSeconds(3), cause);
        assertThat(failure.kind()).isEqualTo(ModelException.Kind.RATE_LIMIT);
        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.body()).isEqualTo("{\"error\":1}");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(failure).hasMessage("slow down").hasCause(cause);
        assertThat(failure.isRetryable()).isTrue();
    }
}
