package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelResponse;

/** Takes a provider's events one by one, passes on what they bring, and puts the response together. Of one thread. */
interface Answer {

    void accept(JsonNode event);

    /** Whether the provider has said how the response ended. */
    boolean isComplete();

    /** Whether nothing of interest can follow. */
    boolean isOver();

    ModelResponse response();
}
