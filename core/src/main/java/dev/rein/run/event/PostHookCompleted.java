package dev.rein.run.event;

import org.jspecify.annotations.Nullable;

/**
 * A hook that runs after the answer has returned.
 *
 * @param meta origin, index and time of the event
 * @param hook the name of the hook
 * @param replacement the text that it has put in place of the answer, which a reader of the stream has received; null if the answer stays
 */
public record PostHookCompleted(
        EventMeta meta, String hook, @Nullable String replacement) implements HookEvent {
    /** A hook that has left the answer as it is. */
    public PostHookCompleted(EventMeta meta, String hook) {
        this(meta, hook, null);
    }
}
