package dev.rein.openai.internal;

import dev.rein.http.ModelEndpoint;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.openai.StructuredOutput;

/** A streaming API at an endpoint, called with one model's settings. Immutable and thread-safe. */
public abstract sealed class ModelApi permits ChatCompletionsApi, ResponsesApi {

    private final ModelEndpoint endpoint;
    private final RequestSettings settings;

    ModelApi(ModelEndpoint endpoint, RequestSettings settings) {
        this.endpoint = endpoint;
        this.settings = settings;
    }

    final ModelEndpoint endpoint() {
        return endpoint;
    }

    final RequestSettings settings() {
        return settings;
    }

    /** Sends the request and reads the response, until it is complete or the run is stopped. */
    public final ModelResponse respond(ModelRequest request, ModelCall call) {
        if (!endpoint.hasHeader("Authorization")
                && !endpoint.hasHeader(settings.server().keyHeader())) {
            throw new ModelException(
                    ModelException.Kind.AUTHENTICATION,
                    "No API key is set: set the environment variable OPENAI_API_KEY or call apiKey(..) on the model's"
                            + " builder. For a server that needs no key, set OPENAI_BASE_URL or call baseUrl(..)");
        }
        return switch (structuredOutput(request)) {
            case SCHEMA -> send(request, call);
            case OBJECT -> send(PromptedOutput.instructed(request, request.outputSchema()), call);
            case PROMPT -> send(PromptedOutput.instructed(request, null), call);
            case TOOL -> {
                var tool = new AnswerTool(request, call);
                yield tool.answer(send(tool.request(), tool));
            }
        };
    }

    /** How the request asks for its structured output; SCHEMA if it asks for none. */
    private StructuredOutput structuredOutput(ModelRequest request) {
        var server = settings.server();
        if (request.outputSchema() == null) {
            return StructuredOutput.SCHEMA;
        }
        var byFormat = server.structuredOutput() == StructuredOutput.SCHEMA
                || server.structuredOutput() == StructuredOutput.OBJECT;
        return byFormat
                        && !server.structuredOutputWithTools()
                        && !request.tools().isEmpty()
                ? StructuredOutput.PROMPT
                : server.structuredOutput();
    }

    abstract ModelResponse send(ModelRequest request, ModelCall call);
}
