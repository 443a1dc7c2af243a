package dev.rein.openai.internal;

import dev.rein.cancel.Cancellation;
import dev.rein.model.FinishReason;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ModelSettings;
import dev.rein.model.ToolChoice;
import dev.rein.model.ToolDefinition;
import dev.rein.model.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks for a structured output by a tool whose arguments are the answer. Text is held back until the response is complete, because it is
 * no part of the answer if the tool is called. Confined to one thread.
 */
final class AnswerTool implements ModelCall {

    private final ModelCall call;
    private final String name;
    private final ModelRequest request;

    /** @param original a request with an output schema */
    AnswerTool(ModelRequest original, ModelCall call) {
        this.call = call;
        var names = original.tools().stream().map(ToolDefinition::name).toList();
        var free = "final_answer";
        while (names.contains(free)) {
            free += "_";
        }
        name = free;
        request = withTool(original);
    }

    private ModelRequest withTool(ModelRequest original) {
        var schema = original.outputSchema();
        if (schema == null) {
            throw new IllegalArgumentException("the request has no output schema");
        }
        var tools = new ArrayList<>(original.tools());
        tools.add(new ToolDefinition(
                name, "Call this tool with your final answer, once you need no other tool.", schema.schema()));
        var required = ModelSettings.builder().toolChoice(ToolChoice.REQUIRED).build();
        return new ModelRequest(
                original.messages(), tools, null, original.settings().orElse(required));
    }

    /** The request with the tool instead of the schema. */
    ModelRequest request() {
        return request;
    }

    /** The response with the answer as its text, if the tool was called and no other. */
    ModelResponse answer(ModelResponse response) {
        var others = response.toolCalls().stream()
                .filter(each -> !each.name().equals(name))
                .toList();
        if (!others.isEmpty() || response.toolCalls().isEmpty()) {
            call.text(response.text());
            return response.withToolCalls(others);
        }
        var answer = response.toolCalls().getFirst().arguments();
        call.text(answer);
        return new ModelResponse(
                answer,
                response.reasoning(),
                List.of(),
                response.usage(),
                response.finishReason() == FinishReason.TOOL_CALLS ? FinishReason.STOP : response.finishReason(),
                response.rawFinishReason(),
                response.providerData());
    }

    @Override
    public Cancellation cancellation() {
        return call.cancellation();
    }

    @Override
    public String runId() {
        return call.runId();
    }

    @Override
    public void text(String delta) {
        call.progress(delta.length());
    }

    @Override
    public void reasoning(String delta) {
        call.reasoning(delta);
    }

    @Override
    public void progress(int characters) {
        call.progress(characters);
    }

    @Override
    public void usage(Usage usage) {
        call.usage(usage);
    }
}
