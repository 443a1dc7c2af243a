package dev.rein.bench.provider;

/** One request that is under way, with one who reads it. */
public interface Stoppable {
    /** How much the reader has got of the answer. */
    long progress();

    /** Tells it to stop, from a thread that is not the reader's. */
    void stop();

    /** Waits until the reader knows of the stop. @return when it did, as {@link System#nanoTime} */
    long awaitStopped() throws InterruptedException;
}
