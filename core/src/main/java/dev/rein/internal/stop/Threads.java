package dev.rein.internal.stop;

import java.util.concurrent.ThreadFactory;

/** How the kernel's own platform threads are made. */
public final class Threads {
    private Threads() {}

    /** Daemon platform threads named {@code prefix-0}, {@code prefix-1} ... */
    public static ThreadFactory daemon(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix + "-", 0).factory();
    }
}
