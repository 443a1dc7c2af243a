package dev.rein.cancel;

/**
 * Ends one wait: closes a body, cancels a query, kills a process. Called at most once, on a thread of the kernel, while
 * the waiting thread still waits. May block; may throw, which is logged.
 */
@FunctionalInterface
public interface Aborter {
    void abort() throws Exception;
}
