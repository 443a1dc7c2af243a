package dev.rein.internal.stop;

/** A shutdown hook of the JVM that is registered when it is first needed, and may be turned off. Thread-safe. */
public final class ShutdownHook {
    private final Thread thread;
    private boolean enabled = true;
    private boolean needed;
    private boolean registered;

    /** @param action performed once, when the JVM is asked to terminate */
    public ShutdownHook(Runnable action) {
        thread = Thread.ofPlatform().name("rein-shutdown").unstarted(action);
    }

    /**
     * Registers the hook, unless it is turned off.
     *
     * @throws IllegalStateException if the JVM is terminating
     */
    public synchronized void need() {
        needed = true;
        if (enabled && !registered) {
            Runtime.getRuntime().addShutdownHook(thread);
            registered = true;
        }
    }

    /** There is nothing left to do: removes the hook until it is needed again. */
    public synchronized void release() {
        needed = false;
        unregister();
    }

    /**
     * Turns the hook on or off. Without effect while the JVM terminates.
     *
     * @param on whether the hook is registered when it is needed
     */
    public synchronized void enable(boolean on) {
        enabled = on;
        if (!on) {
            unregister();
        } else if (needed) {
            try {
                need();
            } catch (IllegalStateException e) {
                // The JVM is terminating.
            }
        }
    }

    private void unregister() {
        if (registered) {
            try {
                Runtime.getRuntime().removeShutdownHook(thread);
                registered = false;
            } catch (IllegalStateException e) {
                // The JVM is terminating.
            }
        }
    }
}
