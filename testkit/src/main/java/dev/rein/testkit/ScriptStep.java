package dev.rein.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One thing a {@link Script} does after its stream has begun. */
sealed interface ScriptStep {

    /** A piece of the answer's text. */
    record Text(String token) implements ScriptStep {}

    /** A piece of the model's reasoning. */
    record Reasoning(String token) implements ScriptStep {}

    /**
     * The head of a tool call.
     *
     * @param id null for a fresh one at each playing
     */
    record CallStart(@Nullable String id, String name) implements ScriptStep {}

    /** A piece of the arguments of the call that was started last. */
    record CallArguments(String fragment) implements ScriptStep {}

    /** One text token of this many characters, written without holding it in memory. */
    record Huge(long characters) implements ScriptStep {}

    /** Tokens without end. */
    record Forever() implements ScriptStep {}

    record Hang() implements ScriptStep {}

    record Pause(Duration duration) implements ScriptStep {}

    /**
     * Closes the connection in the middle of the body.
     *
     * @param reset by RST instead of FIN
     */
    record Cut(boolean reset) implements ScriptStep {}

    /** Bytes put into the body as they are. */
    record Raw(String text) implements ScriptStep {}

    /**
     * The provider gives up in mid-stream.
     *
     * @param event by the event {@code error} instead of {@code response.failed}
     */
    record Fail(String code, String message, boolean event) implements ScriptStep {}
}
