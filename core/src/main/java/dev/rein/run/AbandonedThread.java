package dev.rein.run;

import java.util.List;

/**
 * A thread that would not stop: it went on after the grace period, so its run ended without it. Its result is dropped when
 * it comes.
 *
 * @param what what it was doing, such as {@code tool search}
 * @param thread its name
 * @param stack where it was, innermost frame first, at most 64 frames
 */
public record AbandonedThread(String what, String thread, List<String> stack) {
    public AbandonedThread {
        stack = List.copyOf(stack);
    }
}
