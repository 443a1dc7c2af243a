package dev.rein.internal.run;

import java.util.concurrent.ThreadFactory;

/** How the kernel's own platform threads are made. */
final class Threads {
    private Threads() {}

    /** Daemon platform threads named {@code prefix-0}, {@code prefix-1} ... */
    static ThreadFactory daemon(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix + "-", 0).factory();
    }
}
