package dev.rein.cli.demo;

import dev.rein.cli.Durations;
import dev.rein.cli.RunPrinters;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Runs a demo: follows the run in this thread, cancels it from another, and reports the result. */
final class DemoRunner {
    private static final int PREVIEW = 200;

    private final Demo demo;
    private final DemoContext context;
    private final DemoPrinter printer;
    private final DeliveredText text = new DeliveredText();

    private DemoRunner(Demo demo, DemoContext context) {
        this.demo = demo;
        this.context = context;
        this.printer = context.printer();
    }

    /** Does not throw if the run is cancelled or fails: the result says so. */
    static DemoResult of(Demo demo, DemoContext context) {
        return new DemoRunner(demo, context).show();
    }

    private DemoResult show() {
        var component = demo.component(context);
        printer.heading(demo.heading());
        try (var run = DemoRun.start(demo, component, context.prompt())) {
            printer.note("run " + run.id() + " of " + component.name() + plan());
            var after = context.cancelAfter();
            if (after == null) {
                print(run);
                return report(run.output().get(), null, null);
            }
            var canceller = DelayedCancel.start(component, run.id(), after, context.countFrom());
            try (canceller) {
                print(run);
            }
            return report(run.output().get(), canceller.result(), canceller.returnedAt());
        }
    }

    private void print(DemoRun run) {
        var runPrinter = printer.ofRun(!demo.inBackground());
        var ticker = RunPrinters.tick(runPrinter);
        try {
            for (var event : run.events()) {
                text.add(event);
                runPrinter.print(event);
            }
        } finally {
            ticker.interrupt();
            runPrinter.finish(run.output().get().metrics());
        }
    }

    private String plan() {
        var after = context.cancelAfter();
        var where = demo.inBackground() ? " runs in the background and" : "";
        return where
                + (after == null
                        ? " will complete"
                        : " will be cancelled by another thread after " + Durations.format(after));
    }

    private DemoResult report(RunOutput output, @Nullable CancelResult cancel, @Nullable Instant returnedAt) {
        Integer after = cancel != null && cancel.stopping() && returnedAt != null ? text.after(returnedAt) : null;
        var result = new DemoResult(demo.title(), output, after);

        printer.heading("Result");
        printer.fact("Status", output.status().name());
        printer.fact("Run", output.runId());
        var cause = output.cause();
        if (cause != null) {
            printer.fact(
                    "Cause",
                    cause.kind() + ": " + cause.reason()
                            + (cause.actor() == null ? "" : " (by " + cause.actor() + ")"));
        }
        var stopTook = output.stopTook();
        if (stopTook != null) {
            printer.fact("Cancel took", Durations.format(stopTook));
        }
        if (after != null) {
            printer.fact("Tokens after cancel", String.valueOf(result.tokensAfterStop()));
        }
        for (var each : output.steps()) {
            printer.fact("Step " + each.stepName(), each.success() ? "completed" : "not completed");
        }
        var metrics = output.metrics();
        printer.fact(
                "Tokens",
                metrics.totalUsage().inputTokens() + " in, "
                        + metrics.totalUsage().outputTokens() + " out" + (metrics.estimated() ? " (estimated)" : ""));
        printer.fact("Duration", Durations.format(metrics.duration()));
        printer.shortFact("Content preview", output.text().isEmpty() ? "none" : output.preview(PREVIEW));
        if (output.isCompleted()) {
            printer.note(
                    context.cancelAfter() == null
                            ? "the run completed"
                            : "the run completed before it could be cancelled");
        }
        return result;
    }
}
