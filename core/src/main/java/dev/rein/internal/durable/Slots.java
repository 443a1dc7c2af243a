package dev.rein.internal.durable;

/** Counts the runs that are executed, against a maximum. Thread-safe. */
final class Slots {
    private int most;
    private int taken;

    Slots(int most) {
        this.most = most;
    }

    synchronized void most(int value) {
        most = value;
    }

    /** Takes as many slots as are free, up to a number. @return how many were taken */
    synchronized int take(int wanted) {
        var got = Math.clamp((long) most - taken, 0, wanted);
        taken += got;
        return got;
    }

    synchronized void giveBack(int count) {
        taken -= count;
    }

    synchronized int free() {
        return Math.max(0, most - taken);
    }
}
