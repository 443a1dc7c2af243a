package dev.rein.testkit;

import static dev.rein.model.Message.assistant;
import static dev.rein.model.Message.system;
import static dev.rein.model.Message.user;
import static dev.rein.testkit.MessageRules.ANTHROPIC;
import static dev.rein.testkit.MessageRules.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageRulesTest {
    private static final ToolCall A = new ToolCall("call_a", "search", "{}");
    private static final ToolCall B = new ToolCall("call_b", "search", "{}");
    private static final Set<MessageRules> BOTH = Set.of(OPENAI, ANTHROPIC);

    private static Message calls(ToolCall... calls) {
        return assistant("", null, List.of(calls));
    }

    private static Message result(ToolCall call) {
        return Message.tool(call, "found", false);
    }

    @Test
    void aConversationWithToolsAndPartialTextPassesBoth() {
        MessageRules.checkAll(List.of(
                system("Be brief."),
                user("Look"),
                assistant("Looking.", "I should look", List.of(A, B)),
                result(A),
                Message.tool(B, "", true).asInterrupted(),
                assistant("Once upon").asInterrupted(),
                user("Go on"),
                user("", List.of(new Image("https://example.org/dragon.png"))),
                calls(new ToolCall("call_c", "search", "not json")),
                result(new ToolCall("call_c", "search", "")),
                user("And?"),
                assistant("The end.")));
    }

    static Stream<Arguments> badLists() {
        return Stream.of(
                argumentSet("nothing", List.of(), BOTH, "there is no message"),
                argumentSet("only a system message", List.of(system("x")), BOTH, "there is no message"),
                argumentSet("a call without result at the end", List.of(user("x"), calls(A)), BOTH, "call_a"),
                argumentSet(
                        "a call without result in the middle",
                        List.of(user("x"), calls(A), user("y")),
                        BOTH,
                        "messages[1] (assistant) calls call_a|follows the call call_a"),
                argumentSet(
                        "one of two results is missing",
                        List.of(user("x"), calls(A, B), result(B), user("y")),
                        BOTH,
                        "call_a"),
                argumentSet(
                        "a user's message before the result",
                        List.of(user("x"), calls(A), user("y"), result(A)),
                        BOTH,
                        "messages[1] (assistant) calls call_a|messages[3] (tool) comes after messages[2] (user)"),
                argumentSet(
                        "a user's message between two results",
                        List.of(user("x"), calls(A, B), result(A), user("y"), result(B)),
                        BOTH,
                        "calls call_b|messages[4] (tool) comes after messages[3] (user)"),
                argumentSet(
                        "an assistant's message between call and result",
                        List.of(user("x"), calls(A), assistant("hm"), result(A)),
                        Set.of(OPENAI),
                        "before messages[2] (assistant)"),
                argumentSet(
                        "a result without a call",
                        List.of(user("x"), assistant("y"), result(A)),
                        BOTH,
                        "messages[2] (tool) answers call_a, which"),
                argumentSet(
                        "a result of an earlier batch",
                        List.of(user("x"), calls(A), result(A), calls(B), result(B), result(A)),
                        BOTH,
                        "messages[5] (tool) answers call_a, which"),
                argumentSet(
                        "two results of one call",
                        List.of(user("x"), calls(A), result(A), result(A)),
                        BOTH,
                        "messages[3] (tool) answers call_a a second time"),
                argumentSet(
                        "a result first",
                        List.of(result(A), user("x")),
                        BOTH,
                        "messages[0] (tool) answers call_a, which"),
                argumentSet(
                        "the same id in one message",
                        List.of(user("x"), calls(A, A), result(A)),
                        BOTH,
                        "uses the call id call_a again"),
                argumentSet(
                        "the same id in two messages",
                        List.of(user("x"), calls(A), result(A), calls(A), result(A)),
                        BOTH,
                        "messages[3] (assistant) uses the call id call_a again"),
                argumentSet(
                        "a call without an id",
                        List.of(user("x"), calls(new ToolCall("", "f", "{}")), result(new ToolCall("", "f", "{}"))),
                        BOTH,
                        "without an id"),
                argumentSet(
                        "a result that names no call",
                        List.of(
                                user("x"),
                                new Message(Role.TOOL, "y", List.of(), List.of(), null, "f", false, null, false)),
                        BOTH,
                        "does not say which call"),
                argumentSet(
                        "a name with a space",
                        List.of(
                                user("x"),
                                calls(new ToolCall("i", "web search", "{}")),
                                result(new ToolCall("i", "", ""))),
                        BOTH,
                        "calls \"web search\""),
                argumentSet(
                        "an id with a dot",
                        List.of(user("x"), calls(new ToolCall("i.1", "f", "{}")), result(new ToolCall("i.1", "", ""))),
                        Set.of(ANTHROPIC),
                        "call id \"i.1\""),
                argumentSet(
                        "an empty assistant's message",
                        List.of(user("x"), assistant(""), user("y")),
                        BOTH,
                        "messages[1] (assistant) is empty"),
                argumentSet(
                        "a late system message",
                        List.of(user("x"), system("y")),
                        BOTH,
                        "messages[1] (system) comes after other messages"),
                argumentSet(
                        "a user that calls",
                        List.of(
                                new Message(Role.USER, "x", List.of(), List.of(A), null, null, false, null, false),
                                result(A)),
                        BOTH,
                        "only the assistant may"),
                argumentSet(
                        "the assistant first",
                        List.of(assistant("x"), user("y")),
                        Set.of(ANTHROPIC),
                        "messages[0] (assistant) comes first"),
                argumentSet(
                        "an empty user's message", List.of(user("")), Set.of(ANTHROPIC), "messages[0] (user) is empty"),
                argumentSet(
                        "an empty system message",
                        List.of(system(""), user("x")),
                        Set.of(ANTHROPIC),
                        "messages[0] (system) is empty"),
                argumentSet(
                        "white space only",
                        List.of(user(" \n")),
                        Set.of(ANTHROPIC),
                        "messages[0] (user) holds only white"),
                argumentSet(
                        "white space beside a call",
                        List.of(user("x"), assistant("\n", null, List.of(A)), result(A)),
                        Set.of(ANTHROPIC),
                        "messages[1] (assistant) holds only white"),
                argumentSet(
                        "white space at the very end",
                        List.of(user("x"), assistant("Once upon ")),
                        Set.of(ANTHROPIC),
                        "ends in white space"));
    }

    @ParameterizedTest
    @MethodSource("badLists")
    void refuses(List<Message> messages, Set<MessageRules> by, String violation) {
        var wanted = List.of(violation.split("\\|"));
        for (var rules : MessageRules.values()) {
            if (by.contains(rules)) {
                assertThat(rules.violations(messages))
                        .as(rules.name())
                        .anySatisfy(v ->
                                assertThat(wanted).anySatisfy(w -> assertThat(v).contains(w)));
                assertThatThrownBy(() -> rules.check(messages))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(rules.name())
                        .hasMessageContaining(rules.violations(messages).getFirst());
            } else {
                assertThat(rules.violations(messages)).as(rules.name()).isEmpty();
            }
        }
    }

    @Test
    void reportsAllViolations() {
        assertThatThrownBy(() -> OPENAI.check(List.of(user("x"), calls(A), system("y"), assistant(""))))
                .hasMessageContaining("calls call_a")
                .hasMessageContaining("system messages come first")
                .hasMessageContaining("messages[3] (assistant) is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
        {"messages":[{"role":"developer","content":"x"},{"role":"user","content":[{"type":"text","text":"y"}]},
         {"role":"assistant","content":null,"tool_calls":[
           {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"a","content":"z"}]}
        """, """
            {"instructions":"x","input":"y"}
            """, """
                {"input":[{"role":"user","content":"y"},{"type":"reasoning","id":"rs_1","summary":[]},
                 {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},
                 {"type":"function_call","call_id":"b","name":"f","arguments":"{}"},
                 {"type":"function_call_output","call_id":"b","output":"z"},
                 {"type":"function_call_output","call_id":"a","output":"z"},
                 {"type":"message","role":"assistant","content":[{"type":"output_text","text":"z","annotations":[]}]},
                 {"role":"user","content":"w"}]}
                """, """
                    {"previous_response_id":"resp_1","input":[{"type":"function_call_output","call_id":"a","output":"z"}]}
                    """})
    void acceptsValidRequests(String body) throws Exception {
        var json = FixtureJson.MAPPER.readTree(body);

        assertThat(OPENAI.requestViolations(json)).isEmpty();
        assertThat(ANTHROPIC.requestViolations(json)).isEmpty();
    }

    static Stream<Arguments> badRequests() {
        return Stream.of(
                argumentSet("neither form", "{}", "neither \"messages\" nor \"input\""),
                argumentSet("no messages", "{'messages':[]}", "there is no message"),
                argumentSet("an unknown role", "{'messages':[{'role':'human','content':'x'}]}", "role \"human\""),
                argumentSet("a user without content", "{'messages':[{'role':'user'}]}", "neither a string nor a list"),
                argumentSet(
                        "an empty list of calls",
                        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','content':'y','tool_calls':[]}]}",
                        "empty list of tool_calls"),
                argumentSet(
                        "null content without calls",
                        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','content':null}]}",
                        "messages[1] (assistant) is empty"),
                argumentSet(
                        "arguments as an object",
                        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','tool_calls':[{'id':'a','type':'function',"
                                + "'function':{'name':'f','arguments':{}}}]},{'role':'tool','tool_call_id':'a','content':''}]}",
                        "arguments are no string"),
                argumentSet(
                        "a call without a type",
                        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','tool_calls':[{'id':'a',"
                                + "'function':{'name':'f','arguments':''}}]},{'role':'tool','tool_call_id':'a','content':''}]}",
                        "type is not \"function\""),
                argumentSet(
                        "a chat call without result",
                        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','tool_calls':[{'id':'a','type':'function',"
                                + "'function':{'name':'f','arguments':''}}]}]}",
                        "messages[1] (assistant) calls a"),
                argumentSet(
                        "a responses call without output",
                        "{'input':[{'role':'user','content':'x'},{'type':'function_call','call_id':'a','name':'f','arguments':''}]}",
                        "input[1] (assistant) calls a"),
                argumentSet(
                        "an output without call",
                        "{'input':[{'role':'user','content':'x'},{'type':'function_call_output','call_id':'a','output':'y'}]}",
                        "input[1] (tool) answers a, which"),
                argumentSet(
                        "a message between call and output",
                        "{'input':[{'role':'user','content':'x'},{'type':'function_call','call_id':'a','name':'f','arguments':''},"
                                + "{'role':'user','content':'y'},{'type':'function_call_output','call_id':'a','output':'y'}]}",
                        "before input[2] (user)"),
                argumentSet(
                        "reasoning that leads nowhere",
                        "{'input':[{'type':'reasoning','id':'r','summary':[]},{'role':'user','content':'x'}]}",
                        "input[0] is reasoning without"),
                argumentSet(
                        "an unknown item",
                        "{'input':[{'type':'poem'},{'role':'user','content':'x'}]}",
                        "type \"poem\""));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void rejectsInvalidRequests(String body, String violation) throws Exception {
        var json = FixtureJson.MAPPER.readTree(body.replace('\'', '"'));

        assertThat(OPENAI.requestViolations(json)).first().asString().contains(violation);
    }

    @Test
    void checksTheRequestsOfAProvider() throws Exception {
        try (var provider = FakeProvider.start()) {
            TestClients.send(provider, "/chat/completions", TestClients.CHAT_WHOLE);
            TestClients.send(provider, "/responses", TestClients.RESPONSE_WHOLE);
            TestClients.get(provider, "/models");
            assertThatCode(() -> MessageRules.checkAll(provider)).doesNotThrowAnyException();

            TestClients.send(provider, "/responses", "{\"input\":[]}");

            assertThatThrownBy(() -> MessageRules.checkAll(provider)).hasMessageContaining("there is no message");
        }
    }
}
