package dev.rein.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Handles Ctrl-C and the other terminating signals while a command runs. A shutdown hook could not distinguish a second
 * Ctrl-C from the first. A signal that was ignored when the process started, as in the background of a script, stays
 * ignored.
 */
public final class Signals implements AutoCloseable {
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

    private final Map<Signal, SignalHandler> before = new HashMap<>();

    private Signals() {}

    /** @param action called for each signal, in a separate thread */
    public static Signals on(Runnable action) {
        var signals = new Signals();
        for (var name : NAMES) {
            try {
                var signal = new Signal(name);
                signals.before.put(signal, Signal.handle(signal, _ -> action.run()));
            } catch (IllegalArgumentException e) {
                // This system has no such signal, or the JVM runs with -Xrs: the default action remains.
            }
        }
        return signals;
    }

    /** Sends a signal to this process. */
    static void raise(String name) {
        Signal.raise(new Signal(name));
    }

    /** Restores the previous handlers. */
    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
