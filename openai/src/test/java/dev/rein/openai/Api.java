package dev.rein.openai;

import dev.rein.model.Model;
import dev.rein.testkit.FakeProvider;
import java.util.function.Consumer;

/** The two APIs, as a parameter of tests of their common behaviour. */
enum Api {
    CHAT {
        @Override
        Model model(Consumer<OpenAIBuilder<?>> settings) {
            var builder = OpenAIChat.builder();
            settings.accept(builder);
            return builder.build();
        }
    },
    RESPONSES {
        @Override
        Model model(Consumer<OpenAIBuilder<?>> settings) {
            var builder = OpenAIResponses.builder();
            settings.accept(builder);
            return builder.build();
        }
    };

    static final String KEY = "sk_test_0123456789abcdef";

    abstract Model model(Consumer<OpenAIBuilder<?>> settings);

    /** A model that calls the given server. */
    Model at(String baseUrl) {
        return model(builder -> {
            builder.id("test-model");
            builder.baseUrl(baseUrl);
            builder.apiKey(KEY);
        });
    }

    Model at(FakeProvider provider) {
        return at(provider.baseUrl());
    }
}
