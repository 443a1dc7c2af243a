package dev.rein.situations;

import dev.rein.model.Model;
import dev.rein.openai.OpenAIChat;
import dev.rein.openai.OpenAIResponses;
import dev.rein.testkit.FakeProvider;

/** The two ways to talk to a provider. */
enum Api {
    CHAT {
        @Override
        Model at(FakeProvider provider) {
            return OpenAIChat.builder()
                    .id(MODEL)
                    .baseUrl(provider.baseUrl())
                    .apiKey(KEY)
                    .build();
        }
    },
    RESPONSES {
        @Override
        Model at(FakeProvider provider) {
            return OpenAIResponses.builder()
                    .id(MODEL)
                    .baseUrl(provider.baseUrl())
                    .apiKey(KEY)
                    .build();
        }
    };

    private static final String MODEL = "test-model";
    private static final String KEY = "sk-test-0123456789abcdef";

    abstract Model at(FakeProvider provider);
}
