package dev.rein.internal.run;

import dev.rein.cancel.*;
import dev.rein.run.*;
import java.time.Duration;
import java.util.*;
import java.util.function.*;

public final class Kernel {
    public enum Consumer {
        NONE,
        WAITER,
        STREAM
    }

    private static final Kernel SHARED = new Kernel();

    public static Kernel shared() {
        return SHARED;
    }

    public RunOutput run(RunPlan p) {
        throw new IllegalStateException();
    }

    public Run start(RunPlan p, Consumer c) {
        throw new IllegalStateException();
    }

    public RunStream stream(RunPlan p) {
        throw new IllegalStateException();
    }

    public CancelResult cancel(String id, CancelRequest r) {
        throw new IllegalStateException();
    }

    public List<LiveRun> live(Predicate<Run> p) {
        throw new IllegalStateException();
    }

    public List<CancelResult> cancelWhere(Predicate<Run> p, CancelRequest r) {
        throw new IllegalStateException();
    }

    public Optional<LiveRun> find(String id) {
        throw new IllegalStateException();
    }

    public Optional<RunHandle> handle(String id) {
        throw new IllegalStateException();
    }

    public int abandonedThreads() {
        return 0;
    }

    public boolean healthy() {
        return true;
    }

    public void watchdog(boolean on) {}

    public boolean close(Duration d) {
        return true;
    }
}
