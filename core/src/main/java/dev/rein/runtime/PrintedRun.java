package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.print.RunPrinter;
import dev.rein.run.RunOutput;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Prints a run to its end. If the process is to exit meanwhile, as after Ctrl-C, the run is stopped at once, and the exit waits until
 * that is printed, {@link #PATIENCE} at most.
 */
final class PrintedRun {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TICK = Duration.ofMillis(120);

    private final RunStream stream;
    private final RunPrinter printer;

    /** Held while the run is printed. */
    private final ReentrantLock printing = new ReentrantLock();

    private PrintedRun(RunStream stream, RunPrinter printer) {
        this.stream = stream;
        this.printer = printer;
    }

    static RunOutput print(RunStream stream, RunPrinter printer) {
        return new PrintedRun(stream, printer).print();
    }

    private RunOutput print() {
        var hook = new Thread(this::stop, "rein-print-exit");
        printing.lock();
        try {
            addHook(hook);
            while (!stream.isOver()) {
                var event = stream.next(TICK);
                if (event != null) {
                    printer.print(event);
                } else {
                    printer.tick();
                }
            }
            var output = stream.output();
            printer.finish(output.metrics());
            return output;
        } finally {
            printing.unlock();
            removeHook(hook);
        }
    }

    private void stop() {
        stream.cancel(CancelRequest.now().reason("the process was told to exit, as by Ctrl-C"));
        try {
            if (printing.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                printing.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void addHook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is exiting, and stops the run.
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is exiting, and the hook has done its work.
        }
    }
}
