package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelResponse;
import java.util.Optional;

/** Takes a provider's events one by one, passes on what they bring, and puts the response together. Of one thread. */
interface Answer {

    /** What of an event the answer looks at. */
    JsonProjection wanted();

    /** The part of an event that tells of an error, when one does. Servers put an {@code error} into any event. */
    default Optional<JsonNode> error(JsonNode event) {
        return event.hasNonNull("error") ? Optional.of(event.get("error")) : Optional.empty();
    }

    /** Takes an event that tells of no error. */
    void accept(JsonNode event);

    /** Whether the provider has said how the response ended. */
    boolean isComplete();

    /** Whether nothing of interest can follow. */
    boolean isOver();

    ModelResponse response();
}
