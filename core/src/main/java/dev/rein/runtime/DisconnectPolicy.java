package dev.rein.runtime;

import java.time.Duration;

/**
 * What happens to a run when its consumer disconnects: closes a stream before the last event, or interrupts the thread that
 * waits in {@code run()}.
 */
public sealed interface DisconnectPolicy {
    /** The run continues. The default of {@code start()}. */
    DisconnectPolicy CONTINUE = new Continue();

    /** The run is cancelled at once. The default of {@code stream()} and {@code run()}. */
    DisconnectPolicy CANCEL = new CancelAfter(Duration.ZERO);

    /** The run is cancelled if it has not ended after {@code delay}. */
    static DisconnectPolicy cancelAfter(Duration delay) {
        return new CancelAfter(delay);
    }

    record Continue() implements DisconnectPolicy {}

    record CancelAfter(Duration delay) implements DisconnectPolicy {
        public CancelAfter {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("delay is " + delay + ": it must not be negative");
            }
        }
    }
}
