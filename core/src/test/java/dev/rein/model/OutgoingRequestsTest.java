package dev.rein.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One message that a strict server refuses would make every later turn of its session fail. */
class OutgoingRequestsTest {
    private static final Message USER = Message.user("Hi");
    private static final Message ANSWER = Message.assistant("Done.");
    private static final String LONG_ID = "chatcmpl-tool-0123456789abcdef0123456789abcdef";
    private static final char HALF = "😀".charAt(0);
    private static final char OTHER_HALF = "😀".charAt(1);

    /** A model that is only identified. */
    private record Identity(String provider, String id) implements Model {
        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            throw new UnsupportedOperationException();
        }
    }

    private static final Model MODEL = new Identity("OpenAI", "gpt");

    private static ModelRequest prepare(ToolCallIds form, Message... messages) {
        return OutgoingRequests.prepare(ModelRequest.of(messages), MODEL, form);
    }

    private static List<Message> prepared(Message... messages) {
        return prepare(ToolCallIds.UP_TO_40, messages).messages();
    }

    private static Message calling(ToolCall... calls) {
        return Message.assistant("", null, List.of(calls));
    }

    private static Message result(ToolCall call) {
        return Message.tool(call, "result of " + call.arguments(), false);
    }

    private static ToolCall call(String id) {
        return new ToolCall(id, "weather", "{}");
    }

    private static ToolDefinition tool(String name) {
        return new ToolDefinition(name, "A tool.", object());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static List<String> names(List<Message> messages) {
        return messages.stream()
                .flatMap(message -> message.role() == Role.TOOL
                        ? Stream.of(String.valueOf(message.toolName()))
                        : message.toolCalls().stream().map(ToolCall::name))
                .toList();
    }

    /** The ids of all calls and results, in their order. */
    private static List<String> ids(List<Message> messages) {
        return messages.stream()
                .flatMap(message -> message.role() == Role.TOOL
                        ? Stream.of(String.valueOf(message.toolCallId()))
                        : message.toolCalls().stream().map(ToolCall::id))
                .toList();
    }

    // ---- what is already right

    @Test
    void whatIsRightIsNotChanged() {
        var call = call("c1");
        var data = new ProviderData("OpenAI", "gpt", object().put("signature", "x"));
        var asking = Message.assistant("Wait 😀", "thinks", List.of(call)).withProviderData(data);

        var messages = prepared(Message.system("Be nice."), USER, asking, result(call), ANSWER);

        assertThat(messages).containsExactly(Message.system("Be nice."), USER, asking, result(call), ANSWER);
        assertThat(messages.get(2)).isSameAs(asking);
    }

    @ParameterizedTest
    @EnumSource
    void aPreparedRequestIsNotChangedAgain(ToolCallIds form) {
        var call = new ToolCall(LONG_ID, "a.b", "{");
        var once = prepare(form, USER, calling(call), result(call), Message.assistant(""), Message.user("x" + HALF));

        assertThat(OutgoingRequests.prepare(once, MODEL, form)).isEqualTo(once);
    }

    // ---- ids

    @Test
    void anIdThatTheServerAcceptsIsKept() {
        assertThat(ids(prepare(ToolCallIds.ANY, USER, calling(call(LONG_ID)), result(call(LONG_ID)))
                        .messages()))
                .containsExactly(LONG_ID, LONG_ID);
        assertThat(ids(prepare(ToolCallIds.UP_TO_40, USER, calling(call("call_1")), result(call("call_1")))
                        .messages()))
                .containsExactly("call_1", "call_1");
        assertThat(ids(prepare(
                                ToolCallIds.NINE_ALPHANUMERIC,
                                USER,
                                calling(call("D681PevKs")),
                                result(call("D681PevKs")))
                        .messages()))
                .containsExactly("D681PevKs", "D681PevKs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {LONG_ID, "functions.weather:0", "call_0123456789abcdef0123456789abcdef01234567", "c 1", "é"})
    void otherIdsAreReplacedTheSameWayEachTime(String id) {
        var call = call(id);
        Message[] messages = {USER, calling(call), result(call), ANSWER};

        var upTo40 = ids(prepare(ToolCallIds.UP_TO_40, messages).messages());
        var nine = ids(prepare(ToolCallIds.NINE_ALPHANUMERIC, messages).messages());

        assertThat(upTo40.getFirst()).matches("[A-Za-z0-9_-]{1,40}").isEqualTo(upTo40.getLast());
        assertThat(nine.getFirst()).matches("[A-Za-z0-9]{9}").isEqualTo(nine.getLast());
        assertThat(ids(prepare(ToolCallIds.UP_TO_40, messages).messages())).isEqualTo(upTo40);
        assertThat(ids(prepare(ToolCallIds.NINE_ALPHANUMERIC, messages).messages()))
                .isEqualTo(nine);
    }

    @ParameterizedTest
    @EnumSource
    void idsAreUniqueInAConversationAndResultsFollowTheirCalls(ToolCallIds form) {
        var conversation = new ArrayList<Message>(List.of(USER));
        var earlier = List.<String>of();
        for (var turn = 0; turn < 20; turn++) {
            // A server that numbers the calls of each response anew, and one that gives no ids.
            ToolCall[] calls = {
                new ToolCall("call_0", "weather", "{\"turn\":" + turn + "}"),
                new ToolCall("", "weather", "{\"other\":" + turn + "}"),
                new ToolCall("call_0", "weather", "{\"again\":" + turn + "}"),
            };
            conversation.add(calling(calls));
            Stream.of(calls).map(OutgoingRequestsTest::result).forEach(conversation::add);

            var messages = prepare(form, conversation.toArray(Message[]::new)).messages();

            var byId = messages.stream()
                    .flatMap(message -> message.toolCalls().stream())
                    .toList();
            assertThat(byId).extracting(ToolCall::id).doesNotHaveDuplicates().hasSize(3 * (turn + 1));
            assertThat(messages.stream().filter(message -> message.role() == Role.TOOL))
                    .allSatisfy(message -> assertThat(message.content())
                            .isEqualTo("result of "
                                    + byId.stream()
                                            .filter(call -> call.id().equals(message.toolCallId()))
                                            .findFirst()
                                            .orElseThrow()
                                            .arguments()));
            assertThat(ids(messages).subList(0, earlier.size())).isEqualTo(earlier);
            earlier = ids(messages);
        }
    }

    // ---- names

    @ParameterizedTest
    @ValueSource(
            strings = {"multi_tool_use.parallel", "functions.weather", "weather ", "", " ", "wetter für morgen", "天気"})
    void illegalNamesBecomeLegal(String name) {
        var call = new ToolCall("c1", name, "{\"city\":\"Rome\"}");

        var names = names(prepared(USER, calling(call), result(call), ANSWER));

        assertThat(names).hasSize(2).allSatisfy(each -> assertThat(each).matches("[A-Za-z0-9_-]{1,64}"));
        assertThat(names.getFirst()).isEqualTo(names.getLast());
        var again = new ToolCall("c2", "look", "{}");
        assertThat(names(prepared(USER, calling(again), result(again), calling(call), result(call))))
                .contains(names.getFirst());
    }

    @Test
    void aNameOfNinetyLettersIsShortened() {
        var call = new ToolCall("c1", "a".repeat(90), "{}");

        assertThat(names(prepared(USER, calling(call), result(call), ANSWER)))
                .allSatisfy(each -> assertThat(each).startsWith("aaaa").hasSizeLessThanOrEqualTo(64));
    }

    @Test
    void noTwoNamesBecomeOne() {
        var first = new ToolCall("c1", "a.b", "{}");
        var second = new ToolCall("c2", "a b", "{}");
        var third = new ToolCall("c3", "a.b" + HALF, "{}");
        var fourth = new ToolCall("c4", "a.b" + OTHER_HALF, "{}");
        var taken = names(prepared(USER, calling(first), result(first))).getFirst();
        var request = new ModelRequest(
                List.of(
                        USER,
                        calling(first, second, third, fourth),
                        result(first),
                        result(second),
                        result(third),
                        result(fourth)),
                List.of(tool(taken), tool("a_b")),
                null,
                ModelSettings.builder().toolChoice(ToolChoice.of("a.b")).build());

        var prepared = OutgoingRequests.prepare(request, MODEL, ToolCallIds.ANY);

        var names = names(prepared.messages());
        assertThat(names).hasSize(8).doesNotContain(taken, "a_b");
        assertThat(names.stream().distinct()).hasSize(4);
        assertThat(prepared.tools()).extracting(ToolDefinition::name).containsExactly(taken, "a_b");
        assertThat(prepared.settings().toolChoice()).isEqualTo(ToolChoice.of(names.getFirst()));
    }

    @Test
    void aCallWithNeitherNameNorArgumentsIsDropped() {
        var empty = new ToolCall("c1", "", "");
        var real = call("c2");

        assertThat(prepared(USER, calling(empty, real), result(empty), result(real), ANSWER))
                .containsExactly(USER, calling(real), result(real), ANSWER);
        assertThat(prepared(USER, calling(empty), result(empty), USER))
                .containsExactly(USER, Message.assistant(OutgoingRequests.EMPTY_ANSWER), USER);
    }

    // ---- texts

    @Test
    void halvesOfSurrogatePairsAreReplacedInAllTexts() {
        var call = new ToolCall("c" + HALF, "look", "{\"a\":\"" + HALF + "\"}").withId("c" + HALF);
        var data = new ProviderData("OpenAI", "gpt", object().put("k" + HALF, OTHER_HALF + "😀"));
        var request = new ModelRequest(
                List.of(
                        Message.system("s" + HALF),
                        Message.user(OTHER_HALF + "u"),
                        Message.assistant("a" + HALF + "b", "r" + HALF, List.of(call))
                                .withProviderData(data),
                        Message.tool(call, "😀" + HALF, false)),
                List.of(new ToolDefinition("look", "d" + HALF, object().put("p", "x" + HALF))),
                new OutputSchema("Answer", object().put("p", "y" + HALF)),
                ModelSettings.DEFAULTS);

        var prepared = OutgoingRequests.prepare(request, MODEL, ToolCallIds.ANY);

        assertThat(prepared.toString().chars().filter(each -> each == '\uFFFD')).hasSizeGreaterThanOrEqualTo(10);
        assertThat(prepared.toString()).doesNotContain(String.valueOf(HALF) + "\"", HALF + "b");
        assertThat(prepared.messages()).extracting(Message::content).containsExactly("s�", "�u", "a�b", "😀�");
        assertThat(prepared.messages().get(2).reasoning()).isEqualTo("r�");
        assertThat(prepared.messages().get(2).toolCalls().getFirst().arguments())
                .isEqualTo("{\"a\":\"�\"}");
        assertThat(prepared.messages().get(2).providerData())
                .isEqualTo(new ProviderData("OpenAI", "gpt", object().put("k�", "�😀")));
        assertThat(ids(prepared.messages()).stream().distinct())
                .singleElement()
                .asString()
                .doesNotContain(String.valueOf(HALF));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud83d\"}|{\"a\":\"\\ufffd\"}",
                "{\"a\":\"\\ude00\\ud83d\"}|{\"a\":\"\\ufffd\\ufffd\"}",
                "{\"a\":\"\\ud83d\\ude00\"}|{\"a\":\"\\ud83d\\ude00\"}",
                "{\"a\":\"\\\\ud83d\"}|{\"a\":\"\\\\ud83d\"}",
                "{\"a\":\"\\n\\u00e9\"}|{\"a\":\"\\n\\u00e9\"}",
                "{\"a\":\"\\u12|{\"a\":\"\\u12",
                "{\"a\":\"\\ud8|{\"a\":\"\\ud8",
                "{\"a\":\"\\|{\"a\":\"\\",
            })
    void halvesThatAreEscapedInArgumentsAreReplaced(String example) {
        var parts = example.split("\\|");
        var call = new ToolCall("c1", "look", parts[0]);

        var prepared = prepared(USER, calling(call), Message.tool(call, "ok", false));

        assertThat(prepared.get(1).toolCalls().getFirst().arguments()).isEqualTo(parts[1]);
    }

    @Test
    void blankMessagesHaveAText() {
        var call = call("c1");

        assertThat(prepared(
                        Message.user(" "),
                        Message.assistant("\n"),
                        USER,
                        Message.assistant("\n\n", null, List.of(call)),
                        result(call)))
                .extracting(Message::content)
                .containsExactly(OutgoingRequests.EMPTY_INPUT, OutgoingRequests.EMPTY_ANSWER, "Hi", "", "result of {}");
    }

    // ---- foreign rows

    @Test
    void callsWithoutResultsAndResultsWithoutCallsAreRepaired() {
        var first = call("c1");
        var second = call("c2");

        assertThat(prepared(USER, result(first), calling(first, second), result(second), ANSWER, result(call("c3"))))
                .containsExactly(
                        USER,
                        calling(first, second),
                        Message.tool(first, OutgoingRequests.NO_RESULT, true).asInterrupted(),
                        result(second),
                        ANSWER);
    }

    // ---- data of providers

    @Test
    void onlyTheServerThatMadeDataGetsItBackIfItIsKnown() {
        var unknown = new ProviderData("OpenAI", "gpt", object());
        var here = new ProviderData("OpenAI", "gpt", MODEL.server(), object());
        var elsewhere = new ProviderData("OpenAI", "gpt", "eastus.openai.azure.com/openai/v1", object());

        assertThat(unknown.isOf(MODEL)).isTrue();
        assertThat(here.isOf(MODEL)).isTrue();
        assertThat(elsewhere.isOf(MODEL)).isFalse();
        assertThat(ProviderData.of(MODEL, object())).isEqualTo(here);
        assertThat(prepared(USER, ANSWER.withProviderData(elsewhere)).getLast().providerData())
                .isNull();
    }

    @Test
    void onlyTheModelThatMadeDataGetsItBack() {
        var own = new ProviderData("OpenAI", "gpt", object().put("own", 1));
        var ofOtherModel = new ProviderData("OpenAI", "gpt-mini", object().put("other", 1));
        var ofOtherProvider = new ProviderData("Azure", "gpt", object().put("other", 1));
        var call = new ToolCall("c1", "look", "{}", own);
        var other = new ToolCall("c2", "look", "{}", ofOtherModel);

        var messages = prepared(
                USER,
                calling(call, other).withProviderData(ofOtherProvider),
                result(call),
                result(other),
                ANSWER.withProviderData(own));

        assertThat(messages.get(1).providerData()).isNull();
        assertThat(messages.get(1).toolCalls())
                .extracting(ToolCall::providerData)
                .containsExactly(own, null);
        assertThat(messages.getLast().providerData()).isEqualTo(own);
    }

    @Test
    void aHistoryIsMadeValidWithoutChangingNamesTextsAndData() {
        var call = new ToolCall("functions.weather:0", "a.b", "{}", new ProviderData("Kimi", "k2", object()));
        var text = Message.user("x" + HALF);

        assertThat(OutgoingRequests.validHistory(List.of(text, calling(call), result(call), Message.assistant(""))))
                .containsExactly(text, calling(call), result(call), Message.assistant(OutgoingRequests.EMPTY_ANSWER));
    }
}
