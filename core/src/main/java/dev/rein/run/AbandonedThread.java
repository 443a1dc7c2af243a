package dev.rein.run;

import java.util.List;

/**
 * A thread that did not stop within the grace period, so that its run ended without it. Its result is discarded.
 *
 * @param what the work of the thread, such as {@code tool search}
 * @param thread the name of the thread
 * @param stack its stack trace at that time, innermost frame first, at most 64 frames
 */
public record AbandonedThread(String what, String thread, List<String> stack) {
    public AbandonedThread {
        stack = List.copyOf(stack);
    }
}
