package dev.rein.cli.demo;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cli.Durations;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowCancelled;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Runs a demo: follows the run in this thread, cancels it from another, and reports the result. */
final class DemoRunner {
    private static final int PREVIEW = 200;
    private static final int MAX_ARGUMENTS = 100;

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
            printer.note("run " + run.id() + " of " + context.model().id() + plan());
            var after = context.cancelAfter();
            if (after == null) {
                run.events().forEach(this::show);
                return report(run.output().get(), null, null);
            }
            var canceller = DelayedCancel.start(component, run.id(), after, context.countFrom());
            try (canceller) {
                run.events().forEach(this::show);
            }
            return report(run.output().get(), canceller.result(), canceller.returnedAt());
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

    private void show(RunEvent event) {
        text.add(event);
        switch (event) {
            case RunContent e when !demo.inBackground() -> printer.content(e.content());
            case ModelRequestFailed e ->
                printer.note(e.error() + "; trying " + e.next() + " again in " + Durations.format(e.retryIn()));
            case ToolCallStarted e ->
                printer.note(
                        "tool " + e.tool().toolName() + " " + shortened(e.tool().arguments()));
            case StepStarted e -> printer.note("step " + e.step().stepName());
            case StepCompleted e -> printer.note("step " + e.step().stepName() + " completed");
            case StepError e -> printer.note("step " + e.step().stepName() + " failed: " + e.error());
            case RunStarted e
            when e.parentRunId() != null && e.inStep() == null ->
                printer.note("member " + e.meta().origin().componentId());
            case RunCancelled e -> cancelled(e, e.cause());
            case WorkflowCancelled e -> cancelled(e, e.cause());
            default -> {}
        }
    }

    private void cancelled(RunEvent event, CancelCause cause) {
        var demo = event.inStep();
        var whose = demo != null
                ? " in step " + demo.stepName()
                : event.parentRunId() != null ? " of " + event.meta().origin().componentId() : "";
        var why = cause.kind() == CancelKind.PARENT ? "its parent run was cancelled" : cause.reason();
        printer.note("run " + event.runId() + whose + " was cancelled: " + why);
    }

    private static String shortened(String arguments) {
        return arguments.length() <= MAX_ARGUMENTS ? arguments : arguments.substring(0, MAX_ARGUMENTS) + "...";
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
        printer.fact("Content preview", output.text().isEmpty() ? "none" : output.preview(PREVIEW));
        if (output.isCompleted()) {
            printer.note(
                    context.cancelAfter() == null
                            ? "the run completed"
                            : "the run completed before it could be cancelled");
        }
        return result;
    }
}
