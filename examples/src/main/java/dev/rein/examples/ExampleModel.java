package dev.rein.examples;

import dev.rein.openai.OpenAIChat;
import dev.rein.openai.OpenAIResponses;
import java.util.Objects;

/** The model that the examples ask. */
final class ExampleModel {
    private ExampleModel() {}

    /** The first argument, else {@code REIN_MODEL}, else {@code gpt-4o-mini}. */
    static OpenAIChat of(String... args) {
        return OpenAIChat.of(id(args));
    }

    /** The same by OpenAI's responses API. */
    static OpenAIResponses responses(String... args) {
        return OpenAIResponses.of(id(args));
    }

    private static String id(String... args) {
        var fromEnvironment = Objects.requireNonNullElse(System.getenv("REIN_MODEL"), "gpt-4o-mini");
        return args.length > 0 ? args[0] : fromEnvironment;
    }
}
