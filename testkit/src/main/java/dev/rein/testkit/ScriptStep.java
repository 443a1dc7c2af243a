package dev.rein.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A step of a {@link Script} after the beginning of the stream. */
sealed interface ScriptStep {

    /** A token of the text. */
    record Text(String token) implements ScriptStep {}

    /** A token of the reasoning. */
    record Reasoning(String token) implements ScriptStep {}

    /** Opaque data that the provider wants back with the message. */
    record Opaque(String data) implements ScriptStep {}

    /**
     * The beginning of a tool call.
     *
     * @param id null for a new one each time the script is played
     */
    record CallStart(@Nullable String id, String name) implements ScriptStep {}

    /** A part of the arguments of the latest tool call. */
    record CallArguments(String fragment) implements ScriptStep {}

    /** A text token with this number of characters, which is written without being held in memory. */
    record Huge(long characters) implements ScriptStep {}

    /** Endless tokens. */
    record Forever() implements ScriptStep {}

    record Hang() implements ScriptStep {}

    record Pause(Duration duration) implements ScriptStep {}

    /**
     * Closes the connection in the middle of the body.
     *
     * @param reset by RST instead of FIN
     */
    record Cut(boolean reset) implements ScriptStep {}

    /** Ends the body without what ends a response. */
    record EndOfBody() implements ScriptStep {}

    /** Text that is added to the body unchanged. */
    record Raw(String text) implements ScriptStep {}

    /**
     * A failure in mid-stream.
     *
     * @param event whether to send the event {@code error} instead of {@code response.failed}
     */
    record Fail(String code, String message, boolean event) implements ScriptStep {}
}
