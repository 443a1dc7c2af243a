package dev.rein.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What an adapter makes of the events of one response. Called by one thread, for each event in its order. */
public interface ModelEvents {

    /** The fields of an event that the other methods read. All by default; fewer fields allocate less. */
    default JsonProjection neededFields() {
        return JsonProjection.ALL;
    }

    /** Called before the first event, when the response has begun successfully. Does nothing by default. */
    default void opened(StreamedResponse response) {}

    /**
     * The error that an event reports, if any. By default the member {@code error} of an event of any kind, and an event of the name or
     * type {@code error} as a whole. Of an array it is called for each element. It ends the response with a {@link dev.rein.model.ModelException} of its kind.
     *
     * @param name of the event; empty if it has none
     */
    default Optional<JsonNode> error(String name, JsonNode event) {
        if (event.hasNonNull("error")) {
            return Optional.of(event.get("error"));
        }
        return name.equals("error") || ProviderJson.text(event, "type").equals("error")
                ? Optional.of(event)
                : Optional.empty();
    }

    /**
     * Processes an event that reports no error, and reports what it contains to the {@link dev.rein.model.ModelCall}.
     *
     * @param name of the event; empty if it has none
     * @param event the needed fields of its data
     */
    void accept(String name, JsonNode event);

    /** Whether the response is complete. If the stream ends before, the response fails. */
    boolean isComplete();

    /**
     * Whether a response is complete whose stream says that it ends, by {@code [DONE]}, while {@link #isComplete()} is false. By default it
     * is not.
     */
    default boolean isCompleteWhenDone() {
        return false;
    }

    /** Whether the rest of the stream can be ignored; by default once the response is complete. */
    default boolean ignoresRest() {
        return isComplete();
    }
}
