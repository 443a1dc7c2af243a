package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ModelSettings;
import dev.rein.model.Pricing;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The model that answers a server. A response is a child run of the run whose call the server works on: it is stopped with that run, and its
 * tokens count in that run's limits. Immutable.
 *
 * @param model the model
 * @param maxTokens of a response
 * @param maxPerCall the maximum number of responses during a call of a tool
 */
record Sampling(Model model, int maxTokens, int maxPerCall) {
    private static final int MAX_MESSAGES = 100;
    private static final int MAX_STOPS = 4;
    private static final int MAX_CHARACTERS = 1 << 20;

    Sampling {
        if (maxTokens < 1 || maxPerCall < 1) {
            throw new IllegalArgumentException("sampling is limited to " + maxTokens + " tokens of a response, and "
                    + maxPerCall + " responses of a call: give at least 1 of each");
        }
    }

    /** The model gave no response. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /**
     * Requests a response. The current thread is that of the call.
     *
     * @param end of the call, which ends the request
     * @return the result for the server
     * @throws IllegalArgumentException if the server's parameters are not valid
     * @throws dev.rein.cancel.CancelledException if the run is stopped
     */
    ObjectNode respond(JsonNode params, CompletableFuture<?> end) {
        var messages = messages(params);
        var agent = Agent.builder()
                .name("MCP sampling")
                .model(new Conversation(model, messages))
                .settings(settings(params))
                .allowEmptyAnswers(true)
                .build();
        var run = agent.start("a request of an MCP server");
        var _ = end.whenComplete((_, _) -> run.cancel(CancelRequest.now().reason("the call has ended")));
        RunOutput output;
        try {
            output = run.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("the call was interrupted");
        }
        if (output.status() != RunStatus.COMPLETED) {
            var failure = output.failure();
            throw new FailedException("the model gave no response: "
                    + (failure == null ? "the request was stopped" : failure.describe()));
        }
        var result = JsonRpc.JSON.createObjectNode().put("role", "assistant").put("model", model.id());
        result.put("stopReason", "endTurn");
        result.putObject("content").put("type", "text").put("text", output.text());
        return result;
    }

    private ModelSettings settings(JsonNode params) {
        var asked = params.path("maxTokens").asInt(maxTokens);
        var settings = ModelSettings.builder().maxOutputTokens(Math.clamp(asked, 1, maxTokens));
        if (params.path("temperature").isNumber()) {
            settings.temperature(params.path("temperature").doubleValue());
        }
        var stops = params.path("stopSequences")
                .valueStream()
                .map(JsonNode::asText)
                .filter(each -> !each.isEmpty())
                .limit(MAX_STOPS)
                .toArray(String[]::new);
        if (stops.length > 0) {
            settings.stop(stops);
        }
        return settings.build();
    }

    private static List<Message> messages(JsonNode params) {
        var given = params.path("messages");
        if (!given.isArray() || given.isEmpty() || given.size() > MAX_MESSAGES) {
            throw new IllegalArgumentException(
                    "there are " + given.size() + " messages: give 1 to " + MAX_MESSAGES + " of them");
        }
        if (params.toString().length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("the request has more than " + MAX_CHARACTERS + " characters");
        }
        if (!params.path("tools").isEmpty()) {
            throw new IllegalArgumentException("this client offers sampling without tools: leave tools out");
        }
        var messages = new ArrayList<Message>();
        var system = params.path("systemPrompt").asText("");
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
        for (var message : given) {
            messages.add(McpPrompt.Filled.message(message));
        }
        return messages;
    }

    /** A model that is asked with the messages of the server. */
    private record Conversation(Model model, List<Message> messages) implements Model {
        @Override
        public String id() {
            return model.id();
        }

        @Override
        public String provider() {
            return model.provider();
        }

        @Override
        public String server() {
            return model.server();
        }

        @Override
        public String name() {
            return model.name();
        }

        @Override
        public @Nullable Pricing pricing() {
            return model.pricing();
        }

        @Override
        public Set<String> fileTypes() {
            return model.fileTypes();
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) throws ModelException {
            return model.respond(new ModelRequest(messages, List.of(), null, request.settings()), call);
        }
    }
}
