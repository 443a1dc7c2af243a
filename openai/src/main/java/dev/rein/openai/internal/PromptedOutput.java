package dev.rein.openai.internal;

import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.OutputSchema;
import dev.rein.model.Role;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Asks for a structured output in the system message. */
final class PromptedOutput {

    private PromptedOutput() {}

    /**
     * The request with an instruction that describes its output schema.
     *
     * @param remaining the schema that the new request has
     */
    static ModelRequest instructed(ModelRequest request, @Nullable OutputSchema remaining) {
        var schema = request.outputSchema();
        if (schema == null) {
            return request;
        }
        var messages = new ArrayList<>(request.messages());
        if (!messages.isEmpty() && messages.getFirst().role() == Role.SYSTEM) {
            var system = messages.getFirst();
            messages.set(0, system.withContent(system.content() + "\n\n" + schema.instruction()));
        } else {
            messages.addFirst(Message.system(schema.instruction()));
        }
        return new ModelRequest(messages, request.tools(), remaining, request.settings());
    }
}
