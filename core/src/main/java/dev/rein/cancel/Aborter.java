package dev.rein.cancel;

/**
 * Ends a blocking operation: closes a response body, cancels a query, kills a process. Called at most once, on a thread of
 * the kernel, while the waiting thread still blocks. May block itself; an exception is logged.
 */
@FunctionalInterface
public interface Aborter {
    void abort() throws Exception;
}
