package dev.rein.bench.provider;

import java.io.IOException;

/** Many that wait for a first token at once, and are stopped at once. */
public interface Crowd {
    /** As many as the provider's kernel is sure to queue. */
    int IN_FLIGHT = 512;

    /**
     * How a stop of all went. Times are {@link System#nanoTime}.
     *
     * @param startedAt right before it
     * @param calledAt when the call that stops had returned
     * @param endedAt when the last one had ended
     */
    record Stopped(long startedAt, long calledAt, long endedAt) {
        public double calledMillis() {
            return (calledAt - startedAt) / 1e6;
        }

        public double endedMillis() {
            return (endedAt - startedAt) / 1e6;
        }

        public double closedMillis(long closedAt) {
            return (closedAt - startedAt) / 1e6;
        }
    }

    /** Starts one more. */
    void add();

    /** Stops all, and waits until every one has ended. */
    Stopped stop() throws InterruptedException;

    /** Starts this many, a few at a time, and returns when the provider has brought all of them to the same point. */
    default void gather(int count, ProviderProcess provider) throws IOException, InterruptedException {
        provider.script(State.BEFORE_FIRST_TOKEN.script());
        for (var started = 1; started <= count; started++) {
            add();
            if (started % IN_FLIGHT == 0) {
                provider.awaitHanging(started - IN_FLIGHT / 2);
            }
        }
        provider.awaitHanging(count);
    }
}
