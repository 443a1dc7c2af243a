package dev.rein.tools.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The messages of the protocol, which are those of JSON-RPC 2.0. */
final class JsonRpc {
    static final JsonMapper JSON = JsonMapper.builder().build();

    /** The maximum size of a message of a server, in bytes. */
    static final int MAX_MESSAGE = 16 << 20;

    private static final int METHOD_NOT_FOUND = -32_601;
    private static final int MAX_ID = 256;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private JsonRpc() {}

    static ObjectNode request(long id, String method, JsonNode params) {
        return message(method).put("id", id).set("params", params);
    }

    static ObjectNode notification(String method) {
        return message(method);
    }

    /** Asks the server to stop working on a request. */
    static ObjectNode cancelled(long id, String reason) {
        var message = message("notifications/cancelled");
        message.putObject("params").put("requestId", id).put("reason", reason);
        return message;
    }

    /** Whether a message of the server asks for an answer: its id is a number or a short text. */
    static boolean isAnswerable(JsonNode request) {
        var id = request.path("id");
        return id.isNumber() || (id.isTextual() && id.textValue().length() <= MAX_ID);
    }

    /** The answer to a request that this client does not know, or was not told to offer. */
    static ObjectNode unknown(JsonNode request) {
        return refused(request, METHOD_NOT_FOUND, "this client does not support the method");
    }

    static ObjectNode refused(JsonNode request, int code, String message) {
        var answer = answer(request);
        answer.putObject("error").put("code", code).put("message", message);
        return answer;
    }

    static ObjectNode result(JsonNode request, JsonNode result) {
        var answer = answer(request);
        answer.set("result", result);
        return answer;
    }

    private static ObjectNode answer(JsonNode request) {
        var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", request.get("id"));
        return answer;
    }

    /** The messages of a text: an object, or an array of objects. Null if it is neither. Some programs begin with a byte order mark. */
    static @Nullable JsonNode parse(String text) {
        try {
            var node = JSON.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
            return node != null && node.isContainerNode() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static ObjectNode message(String method) {
        return JSON.createObjectNode().put("jsonrpc", "2.0").put("method", method);
    }
}
