package dev.rein.internal.agent;

import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps the ids of tool calls unique in a run: results are matched to calls by id. Some servers send no ids, or number the calls of
 * each response anew. An id that is unique is kept.
 */
final class CallIds {
    private CallIds() {}

    /** A response to a request, with ids that no call of the request has. */
    static ModelResponse unique(ModelResponse response, ModelRequest request) {
        if (response.toolCalls().isEmpty()) {
            return response;
        }
        var taken = new HashSet<String>();
        request.messages().forEach(message -> message.toolCalls().forEach(call -> taken.add(call.id())));
        var calls = response.toolCalls().stream()
                .map(call -> !call.id().isBlank() && taken.add(call.id()) ? call : call.withId(made()))
                .toList();
        return response.withToolCalls(calls);
    }

    /** A new id, short enough for every provider but those that require a length: OpenAI accepts at most 40 characters. */
    private static String made() {
        var random = ThreadLocalRandom.current();
        return "call_" + HexFormat.of().toHexDigits(random.nextLong())
                + HexFormat.of().toHexDigits(random.nextInt());
    }
}
