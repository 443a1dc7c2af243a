package dev.rein.internal.stop;

/** For tests outside of this package: what their code is called under. */
public final class HeldLocks {
    private HeldLocks() {}

    /** Whether the calling thread holds no lock of any tree. */
    public static boolean none() {
        return TreeLock.noneIsHeld();
    }
}
