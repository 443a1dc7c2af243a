package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules that providers have for lists of messages, checked more strictly than by any of them. A history that complies with both sets
 * of rules is accepted by all providers.
 *
 * {@snippet :
 * MessageRules.checkAll(output.messages());            // both sets of rules
 * MessageRules.OPENAI.check(provider.requests().getLast());
 * }
 *
 * <p>Rules in both sets: the list is not empty; system messages come first; every tool call has an id that is unique in the list, and a name
 * of at most 64 letters, digits, {@code _} and {@code -}; every call has exactly one result; every result belongs to a call; an assistant
 * message contains text or a call.
 *
 * <p>Immutable and thread-safe.
 */
public enum MessageRules {
    /**
     * The chat completions and responses APIs. The tool messages directly follow the assistant message with the calls, before any other
     * message. Sources: <a href="https://platform.openai.com/docs/api-reference/chat/create">API reference, chat</a>
     * and <a href="https://platform.openai.com/docs/api-reference/responses/create">responses</a>, <a
     * href="https://platform.openai.com/docs/guides/function-calling">function calling</a>; the server's answer "An assistant
     * message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'", and for responses "No
     * tool output found for function call", "No tool call found for function call output with call_id" and "Item of type
     * 'reasoning' was provided without its required following item". For responses OpenAI pairs calls and outputs wherever
     * they stand; compatible servers want them together, so this does too.
     */
    OPENAI {
        @Override
        void judge(List<CheckedMessage> entries, List<String> found) {
            OpenAiRules.judge(entries, found);
        }
    },

    /**
     * Anthropic's Messages API, after the conversion that all adapters make: system messages become the parameter {@code system}, tool
     * results become blocks of a user message, and adjacent messages of the same role are merged. After that, the first message is a user
     * message; the user message after calls begins with all results; no text is empty or blank; ids consist of letters, digits, {@code _}
     * and {@code -}; the last message, if the assistant's, does not end with white space. Sources: <a
     * href="https://platform.claude.com/docs/en/api/messages/create">API reference</a>, <a
     * href="https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls">handling tool calls</a>; the
     * server's answers "tool_use ids were found without tool_result blocks immediately after", "unexpected tool_use_id found in
     * tool_result blocks", "text content blocks must be non-empty", "text content blocks must contain non-whitespace text",
     * "all messages must have non-empty content", "final assistant content cannot end with trailing whitespace" and "tool_use
     * ids must be unique".
     */
    ANTHROPIC {
        @Override
        void judge(List<CheckedMessage> entries, List<String> found) {
            AnthropicRules.judge(entries, found);
        }
    };

    /** The violations of the rules by these messages, each with its position; empty if there are none. */
    public List<String> violations(List<Message> messages) {
        var found = new ArrayList<String>();
        judgeAll(CheckedMessage.of(messages), found);
        return found;
    }

    /**
     * The violations by the messages of a request in OpenAI's format: the {@code messages} of chat completions, or the {@code instructions}
     * and {@code input} of responses.
     */
    public List<String> requestViolations(JsonNode body) {
        var found = new ArrayList<String>();
        judgeAll(RequestMessages.read(body, found), found);
        return found;
    }

    /** @throws AssertionError with all violations, if there are any */
    public void check(List<Message> messages) {
        throwIfAny(name(), violations(messages), messages);
    }

    /** @throws AssertionError with all violations, if there are any */
    public void check(ReceivedRequest request) {
        throwIfAny(name(), requestViolations(request.body()), request.bodyText());
    }

    /**
     * Checks messages with both sets of rules.
     *
     * @throws AssertionError as {@link #check(List)}
     */
    public static void checkAll(List<Message> messages) {
        for (var rules : values()) {
            rules.check(messages);
        }
    }

    /**
     * Checks all requests that a provider has received: those of OpenAI's APIs with both sets of rules, those of others with the rules of
     * their {@link ProviderFormat}.
     *
     * @throws AssertionError as {@link #check(List)}
     */
    public static void checkAll(FakeProvider provider) {
        for (var request : provider.requests()) {
            var format = provider.formatOf(request);
            if (ProviderFormat.chatCompletions().equals(format)
                    || ProviderFormat.responses().equals(format)) {
                for (var rules : values()) {
                    rules.check(request);
                }
            } else if (format != null) {
                throwIfAny(request.path(), format.violations(request), request.bodyText());
            }
        }
    }

    abstract void judge(List<CheckedMessage> entries, List<String> found);

    private void judgeAll(List<CheckedMessage> entries, List<String> found) {
        CommonRules.judge(entries, found);
        judge(entries, found);
    }

    private static void throwIfAny(String who, List<String> found, Object messages) {
        if (!found.isEmpty()) {
            throw new AssertionError(
                    who + " would reject these messages:\n  - " + String.join("\n  - ", found) + "\nin " + messages);
        }
    }
}
