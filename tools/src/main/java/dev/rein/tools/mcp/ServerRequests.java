package dev.rein.tools.mcp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.CancelledException;
import dev.rein.run.Decision;
import dev.rein.run.Question;
import dev.rein.run.RunContext;
import dev.rein.text.PlainText;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a server may ask of the client during a call: people's answers (elicitation), and responses of a model (sampling). Immutable.
 *
 * @param elicitation whether people are asked
 * @param sampling null if no model is given
 */
record ServerRequests(boolean elicitation, @Nullable Sampling sampling) {
    static final String ELICIT = "elicitation/create";
    static final String SAMPLE = "sampling/createMessage";

    static final int REFUSED = -1;
    private static final int INVALID_PARAMS = -32_602;
    private static final int MAX_TEXT = 10_000;

    /** What the client says that it can do. */
    ObjectNode capabilities() {
        var capabilities = JsonRpc.JSON.createObjectNode();
        if (elicitation) {
            capabilities.putObject("elicitation");
        }
        if (sampling != null) {
            capabilities.putObject("sampling");
        }
        return capabilities;
    }

    boolean offers(String method) {
        return switch (method) {
            case ELICIT -> elicitation;
            case SAMPLE -> sampling != null;
            default -> false;
        };
    }

    /**
     * Answers a request in the name of a run, on the thread of its call.
     *
     * @param samples how many responses of the model the call may still have
     * @param end of the call, which makes an answer pointless
     * @return the message for the server
     * @throws CancelledException if the run is stopped
     */
    ObjectNode answer(JsonNode request, RunContext context, Samples samples, CompletableFuture<?> end) {
        var params = request.path("params");
        var used = sampling;
        if (request.path("method").asText().equals(ELICIT)) {
            return elicit(request, params, context);
        }
        if (used == null || !samples.take()) {
            return JsonRpc.refused(
                    request, REFUSED, "the call has had all the responses of the model that it may have");
        }
        try {
            return JsonRpc.result(request, used.respond(params, end));
        } catch (IllegalArgumentException e) {
            return JsonRpc.refused(request, INVALID_PARAMS, PlainText.message(e));
        } catch (Sampling.FailedException e) {
            return JsonRpc.refused(request, REFUSED, PlainText.message(e));
        }
    }

    /** The responses of the model that a call may still have. Used by one thread. */
    static final class Samples {
        private int left;

        Samples(int most) {
            left = most;
        }

        boolean take() {
            return left-- > 0;
        }
    }

    int samplesPerCall() {
        return sampling == null ? 0 : sampling.maxPerCall();
    }

    private static ObjectNode elicit(JsonNode request, JsonNode params, RunContext context) {
        if (!params.path("mode").asText("form").equals("form")) {
            return JsonRpc.refused(
                    request,
                    INVALID_PARAMS,
                    "this client answers questions with forms only, not in mode "
                            + params.path("mode").asText() + ": send requestedSchema");
        }
        var schema = ServerSchemas.parameters(params.path("requestedSchema"));
        var message = params.path("message").asText("");
        if (schema == null || message.length() > MAX_TEXT) {
            return JsonRpc.refused(
                    request,
                    INVALID_PARAMS,
                    schema == null
                            ? "requestedSchema is not a schema of an object"
                            : "the message has more than " + MAX_TEXT + " characters");
        }
        var isForm = !schema.path("properties").isEmpty();
        var decision = context.ask(isForm ? Question.input(message, schema) : Question.confirm(message));
        return JsonRpc.result(request, answer(decision));
    }

    private static ObjectNode answer(Decision decision) {
        var answer = JsonRpc.JSON.createObjectNode();
        if (decision.action() == Decision.Action.REJECT) {
            return answer.put("action", "decline");
        }
        answer.put("action", "accept");
        answer.set("content", JsonRpc.JSON.convertValue(decision.values(), new TypeReference<ObjectNode>() {}));
        return answer;
    }

    /** The answer to a question that nobody has decided on. */
    static ObjectNode cancelled(JsonNode request) {
        return JsonRpc.result(request, JsonRpc.JSON.valueToTree(Map.of("action", "cancel")));
    }
}
