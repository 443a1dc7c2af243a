package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.ProviderData;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link Model} that calls a provider must do, as JUnit tests against a {@link FakeProvider} on real sockets: stops at every
 * point release the caller, close the connection and leave nothing behind; failures have their kinds and never become responses; responses
 * arrive complete; requests transmit everything that the provider's API has, and contain nothing that the provider would reject.
 *
 * <p>To test a model, extend this class. The tests run in the subclass; more can be added there.
 *
 * {@snippet :
 * class OwnModelTest extends ModelContract {
 *     @Override
 *     protected ProviderFormat format() {
 *         return ProviderFormat.chatCompletions(); // or an implementation of your own
 *     }
 *
 *     @Override
 *     protected Model model(String serverUrl, String id) {
 *         return new OwnModel(id, serverUrl + "/v1");
 *     }
 *
 *     @Override
 *     protected Set<ModelCapability> missing() {
 *         return Set.of(ModelCapability.REASONING_TOKENS);
 *     }
 * }
 * }
 */
public abstract class ModelContract extends ModelResponseTests {

    /** The format of the API that the model calls. */
    @Override
    protected abstract ProviderFormat format();

    /**
     * A model under test, with nothing set but the server, the id and, if it needs one, any key.
     *
     * @param serverUrl the URL of the server without a path, such as {@code http://127.0.0.1:40123}
     * @param id the id of the model
     */
    @Override
    protected abstract Model model(String serverUrl, String id);

    /** What the provider's API does not have; the tests of it are skipped. Nothing by default. */
    @Override
    protected Set<ModelCapability> missing() {
        return Set.of();
    }

    @Test
    void theRequestNamesTheModelAndTheInput() {
        model().respond(HELLO, call);

        var request = provider.requests().getFirst();
        assertThat(request.path() + request.bodyText()).contains(MODEL_ID);
        assertThat(parts(request)).containsExactly("user: Hello");
    }

    @Test
    void everyKindOfMessageIsSent() {
        var first = new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}");
        var second = new ToolCall("call_2", "weather", "");
        var messages = List.of(
                Message.system("Be brief"),
                Message.user("What is this?"),
                Message.assistant("A cat"),
                Message.user("And the weather?"),
                Message.assistant("I will look", "It is about Rome", List.of(first, second)),
                Message.tool(first, "sunny", false),
                Message.tool(second, "no city was given", true),
                Message.assistant("Sunny in ").asInterrupted(),
                Message.user("Go on"),
                Message.user("please"));

        model().respond(new ModelRequest(messages, List.of(WEATHER), null), call);

        assertThat(parts(provider.requests().getFirst()))
                .containsExactly(
                        "system: Be brief",
                        "user: What is this?",
                        "assistant: A cat",
                        "user: And the weather?",
                        "assistant: I will look",
                        called("call_1", "weather{\"city\":\"Rome\"}"),
                        called("call_2", "weather{}"),
                        answered("call_1", "sunny"),
                        answered("call_2", "no city was given"),
                        "assistant: Sunny in",
                        "user: Go on",
                        "user: please");
    }

    @Test
    void imagesAreSent() {
        needs(ModelCapability.IMAGES);
        var image = Image.of("png".getBytes(StandardCharsets.US_ASCII), "image/png");

        model().respond(ModelRequest.of(Message.user("What is this?", List.of(image))), call);

        assertThat(parts(provider.requests().getFirst()))
                .containsExactly("user: image " + image.url(), "user: What is this?");
    }

    @Test
    void addressesOfImagesAreSent() {
        needs(ModelCapability.IMAGE_URLS);
        var image = new Image("https://example.org/cat.png");

        model().respond(ModelRequest.of(Message.user("", List.of(image))), call);

        assertThat(parts(provider.requests().getFirst())).containsExactly("user: image " + image.url());
    }

    @Test
    void toolsAreSent() {
        model().respond(new ModelRequest(HELLO.messages(), List.of(WEATHER), null), call);

        var tools = read().tools();
        assertThat(tools).hasSize(1);
        assertThat(tools.getFirst().name()).isEqualTo(WEATHER.name());
        assertThat(tools.getFirst().description()).isEqualTo(WEATHER.description());
        assertThat(tools.getFirst().parameters()).isEqualTo(WEATHER_SCHEMA);
    }

    @Test
    void theSchemaOfTheAnswerIsSentAndTheAnswerIsItsText() {
        needs(ModelCapability.OUTPUT_SCHEMA);
        provider.enqueue(Script.text("{\"city\":\"Rome\"}"));

        var response = model().respond(
                        new ModelRequest(HELLO.messages(), List.of(), new OutputSchema("weather", WEATHER_SCHEMA)),
                        call);

        assertThat(response.text()).isEqualTo("{\"city\":\"Rome\"}");
        var schema = Objects.requireNonNull(read().outputSchema(), "no schema was sent");
        assertThat(schema.schema().path("properties").propertyStream().map(each -> each.getKey()))
                .containsExactly("city", "days");
    }

    static Stream<Setting> settings() {
        return Stream.of(
                new Setting(
                        ModelCapability.TEMPERATURE,
                        ModelSettings.builder().temperature(0.5).build()),
                new Setting(
                        ModelCapability.TOP_P,
                        ModelSettings.builder().topP(0.25).build()),
                new Setting(
                        ModelCapability.MAX_OUTPUT_TOKENS,
                        ModelSettings.builder().maxOutputTokens(123).build()),
                new Setting(
                        ModelCapability.SEED, ModelSettings.builder().seed(7).build()),
                new Setting(
                        ModelCapability.STOP,
                        ModelSettings.builder().stop("END", "\n\nUser:").build()),
                new Setting(
                        ModelCapability.REASONING_EFFORT,
                        ModelSettings.builder().reasoningEffort("low").build()),
                new Setting(
                        ModelCapability.PARALLEL_TOOL_CALLS,
                        ModelSettings.builder().parallelToolCalls(false).build()),
                new Setting(
                        ModelCapability.TOOL_CHOICE,
                        ModelSettings.builder().toolChoice(ToolChoice.NONE).build()),
                new Setting(
                        ModelCapability.TOOL_CHOICE,
                        ModelSettings.builder().toolChoice(ToolChoice.REQUIRED).build()),
                new Setting(
                        ModelCapability.TOOL_CHOICE,
                        ModelSettings.builder()
                                .toolChoice(ToolChoice.of("weather"))
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void settingsOfTheRequestAreSent(Setting setting) {
        needs(setting.capability());

        model().respond(new ModelRequest(HELLO.messages(), List.of(WEATHER), null, setting.settings()), call);

        // What the request leaves open is as the model has it.
        var sent = read().settings();
        assertThat(sent).isEqualTo(setting.settings().orElse(sent));
    }

    @Test
    void furtherMembersOfTheBodyAreSent() {
        needs(ModelCapability.EXTRA);
        var extra = ModelSettings.builder()
                .extra("own_member", FixtureJson.parsedOrText("{\"a\":[1]}"))
                .build();

        model().respond(new ModelRequest(HELLO.messages(), List.of(), null, extra), call);

        assertThat(provider.requests().getFirst().body().path("own_member"))
                .isEqualTo(FixtureJson.parsedOrText("{\"a\":[1]}"));
    }

    @Test
    void dataOfTheProviderGoesBackToTheModelThatMadeIt() {
        needs(ModelCapability.PROVIDER_DATA);
        provider.enqueue(Script.empty()
                .thenReasoning("Let me think")
                .thenOpaque("opaque+data/1234=")
                .thenText("Looking")
                .thenToolCall("call_1", "weather", "{\"city\":\"Rome\"}"));
        var request = new ModelRequest(HELLO.messages(), List.of(WEATHER), null);

        var response = model().respond(request, call);

        var data = Stream.concat(
                        Stream.ofNullable(response.providerData()),
                        response.toolCalls().stream().map(ToolCall::providerData))
                .toList();
        assertThat(data)
                .isNotEmpty()
                .allSatisfy(
                        each -> assertThat(each == null || each.isOf(model())).isTrue());
        var answer = Message.assistant(response.text(), response.reasoning(), response.toolCalls())
                .withProviderData(response.providerData());
        var next = new ModelRequest(
                List.of(
                        HELLO.messages().getFirst(),
                        answer,
                        Message.tool(response.toolCalls().getFirst(), "sunny", false)),
                List.of(WEATHER),
                null);
        model().respond(next, call);
        assertThat(provider.requests().get(1).bodyText()).contains("opaque+data/1234=");

        model(provider.url(), "another-model").respond(next, call);
        assertThat(provider.requests().get(2).bodyText())
                .contains("Looking")
                .contains("sunny")
                .doesNotContain("opaque+data/1234=");

        // Encrypted by a server's own key, such as one of Azure's.
        try (var another = FakeProvider.builder().format(format()).start()) {
            model(another.url(), MODEL_ID).respond(next, call);
            assertThat(another.requests().getFirst().bodyText())
                    .contains("Looking")
                    .contains("sunny")
                    .doesNotContain("opaque+data/1234=");
        }
    }

    @Test
    void unusableProviderDataDoesNotFailTheRequest() {
        for (var data : List.of("null", "{}", "[]", "\"x\"", "[{\"type\":\"thinking\"}]", "{\"content\":[7]}")) {
            var stored = Message.assistant("Hi")
                    .withProviderData(new ProviderData(model().provider(), MODEL_ID, FixtureJson.parsedOrText(data)));
            model().respond(ModelRequest.of(Message.user("Hello"), stored, Message.user("Go on")), call);

            assertThat(parts(provider.requests().getLast())).contains("assistant: Hi", "user: Go on");
        }
    }

    /** The violations are checked after each test. */
    @Test
    void whateverAHistoryContainsTheProviderAcceptsTheRequest() {
        var longId = new ToolCall("chatcmpl-tool-0123456789abcdef0123456789abcdef", "weather", "{}");
        var oddName = new ToolCall("call:1", "multi_tool_use.parallel", "{\"a\":\"x\ud83d\"}");
        var sameId = new ToolCall("call:1", "weather ", "not JSON");
        var orphan = new ToolCall("call_2", "weather", "[1]");
        var nothing = new ToolCall("call_3", "", "");
        var model = model();
        model.respond(
                ModelRequest.of(
                        Message.system("Be brief"),
                        Message.user("Weather? \ud83d"),
                        Message.assistant("  ", null, List.of(longId, oddName, nothing)),
                        Message.tool(longId, "", false),
                        Message.tool(oddName, "no such tool \ude00", true),
                        Message.assistant(""),
                        Message.assistant("", null, List.of(sameId, orphan)),
                        Message.tool(sameId, "no such tool", true),
                        Message.user(" "),
                        Message.user("And?")),
                call);
        model.respond(ModelRequest.of(Message.assistant("Earlier answer"), Message.user("Go on")), call);
        model.respond(ModelRequest.of(Message.user("Tell me"), Message.assistant("Once upon a ")), call);
        model.respond(ModelRequest.of(Message.system("A"), Message.system("B"), Message.user("C")), call);

        assertThat(provider.requestCount()).isEqualTo(4);
    }

    private ModelRequest read() {
        return format().read(provider.requests().getFirst());
    }

    /** The messages of a request as a flat list of texts, images, calls and results, because providers group them differently. */
    private List<String> parts(ReceivedRequest request) {
        var parts = new ArrayList<String>();
        for (var message : format().read(request).messages()) {
            var role = message.role().name().toLowerCase(Locale.ROOT) + ": ";
            message.images().forEach(image -> parts.add(role + "image " + image.url()));
            if (message.role() == Role.TOOL) {
                parts.add(answered(String.valueOf(message.toolCallId()), message.content()));
            } else if (!message.content().isBlank()) {
                parts.add(role + message.content().strip());
            }
            message.toolCalls()
                    .forEach(each -> parts.add(called(
                            each.id(), each.name() + FixtureJson.write(FixtureJson.parsedOrText(each.arguments())))));
        }
        return parts;
    }

    private String called(String id, String call) {
        return "call " + shown(id) + call;
    }

    private String answered(String id, String result) {
        return "result " + shown(id) + result;
    }

    private String shown(String id) {
        return missing().contains(ModelCapability.TOOL_CALL_IDS) ? "" : id + " ";
    }

    record Setting(ModelCapability capability, ModelSettings settings) {}
}
