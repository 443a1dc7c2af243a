package dev.rein.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What Ctrl-C and the other signals that end a process do while a command runs, instead of ending it. A shutdown hook could
 * not tell a second Ctrl-C from the first. Where a process was started with a signal ignored, such as in the background of a
 * script, it stays ignored.
 */
public final class Signals implements AutoCloseable {
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

    private final Map<Signal, SignalHandler> before = new HashMap<>();

    private Signals() {}

    /** @param action called for each signal, in a thread of its own */
    public static Signals on(Runnable action) {
        var signals = new Signals();
        for (var name : NAMES) {
            try {
                var signal = new Signal(name);
                signals.before.put(signal, Signal.handle(signal, _ -> action.run()));
            } catch (IllegalArgumentException e) {
                // This system has no such signal, or the JVM was told to leave signals alone: it ends the process as
                // ever.
            }
        }
        return signals;
    }

    /** Sends a signal to this process. */
    static void raise(String name) {
        Signal.raise(new Signal(name));
    }

    /** From here on signals do what they did before. */
    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
