package dev.rein.examples;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import dev.rein.openai.OpenAIChat;
import dev.rein.openai.OpenAIResponses;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The models of the examples. */
final class ExampleModel {
    private ExampleModel() {}

    /** The first argument, else {@code REIN_MODEL}, else {@code gpt-4o-mini}. */
    static Model of(String... args) {
        var offline = offline();
        return offline != null ? offline : OpenAIChat.of(id(args));
    }

    /** The same by OpenAI's responses API. */
    static Model responses(String... args) {
        var offline = offline();
        return offline != null ? offline : OpenAIResponses.of(id(args));
    }

    /** The built-in model of the command {@code rein example NAME --offline}; null for programs that are started in another way. */
    private static @Nullable Model offline() {
        return Boolean.getBoolean("rein.example.offline")
                ? ServiceLoader.load(Model.class).findFirst().orElse(null)
                : null;
    }

    /** A model without a server: it calls a tool, and answers with its result. */
    static Model thatCalls(String tool, String arguments) {
        return new Offline(request -> {
            var last = request.messages().getLast();
            return last.role() == Role.TOOL
                    ? ModelResponse.of(String.valueOf(last.content()))
                    : ModelResponse.of(List.of(new ToolCall("call-1", tool, arguments)));
        });
    }

    /** A model without a server: it answers every request with the same text. */
    static Model thatAnswers(String text) {
        return new Offline(
                request -> new ModelResponse(text, null, List.of(), Usage.of(10, text.split(" ").length), "stop"));
    }

    private record Offline(Function<ModelRequest, ModelResponse> responses) implements Model {
        @Override
        public String id() {
            return "offline";
        }

        @Override
        public String provider() {
            return "Examples";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            var response = responses.apply(request);
            call.text(response.text());
            return response;
        }
    }

    private static String id(String... args) {
        var fromEnvironment = Objects.requireNonNullElse(System.getenv("REIN_MODEL"), "gpt-4o-mini");
        return args.length > 0 ? args[0] : fromEnvironment;
    }
}
