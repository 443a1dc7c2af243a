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
    private static final int LONGEST_ARGUMENTS = 100;

    private final Demo step;
    private final DemoContext setting;
    private final DemoPrinter screen;
    private final DeliveredText text = new DeliveredText();

    private DemoRunner(Demo step, DemoContext setting) {
        this.step = step;
        this.setting = setting;
        this.screen = setting.screen();
    }

    /** Does not throw if the run is cancelled or fails: the result says so. */
    static DemoResult of(Demo step, DemoContext setting) {
        return new DemoRunner(step, setting).show();
    }

    private DemoResult show() {
        var component = step.component(setting);
        screen.heading(step.heading());
        try (var run = DemoRun.begin(step, component, setting.prompt())) {
            screen.note("run " + run.id() + " of " + setting.model().id() + plan());
            var after = setting.cancelAfter();
            if (after == null) {
                run.events().forEach(this::show);
                return report(run.output().get(), null, null);
            }
            var stopper = DelayedCancel.start(component, run.id(), after);
            try (stopper) {
                run.events().forEach(this::show);
            }
            return report(run.output().get(), stopper.result(), stopper.returnedAt());
        }
    }

    private String plan() {
        var after = setting.cancelAfter();
        var where = step.inBackground() ? " goes on in the background and" : "";
        return where
                + (after == null
                        ? " will be left to complete"
                        : " will be cancelled by another thread after " + Durations.format(after));
    }

    private void show(RunEvent event) {
        text.add(event);
        switch (event) {
            case RunContent e when !step.inBackground() -> screen.content(e.content());
            case ModelRequestFailed e ->
                screen.note(e.error() + "; trying " + e.next() + " again in " + Durations.format(e.retryIn()));
            case ToolCallStarted e ->
                screen.note(
                        "tool " + e.tool().toolName() + " " + shortened(e.tool().arguments()));
            case StepStarted e -> screen.note("step " + e.step().stepName());
            case StepCompleted e -> screen.note("step " + e.step().stepName() + " is done");
            case StepError e -> screen.note("step " + e.step().stepName() + " failed: " + e.error());
            case RunStarted e
            when e.parentRunId() != null && e.inStep() == null ->
                screen.note("member " + e.meta().origin().componentId());
            case RunCancelled e -> cancelled(e, e.cause());
            case WorkflowCancelled e -> cancelled(e, e.cause());
            default -> {}
        }
    }

    private void cancelled(RunEvent event, CancelCause cause) {
        var step = event.inStep();
        var whose = step != null
                ? " in step " + step.stepName()
                : event.parentRunId() != null ? " of " + event.meta().origin().componentId() : "";
        var why = cause.kind() == CancelKind.PARENT ? "the run above it was" : cause.reason();
        screen.note("run " + event.runId() + whose + " was cancelled: " + why);
    }

    private static String shortened(String arguments) {
        return arguments.length() <= LONGEST_ARGUMENTS ? arguments : arguments.substring(0, LONGEST_ARGUMENTS) + "...";
    }

    private DemoResult report(RunOutput output, @Nullable CancelResult cancel, @Nullable Instant returnedAt) {
        Integer after = cancel != null && cancel.stopping() && returnedAt != null ? text.after(returnedAt) : null;
        var result = new DemoResult(step.title(), output, after);

        screen.heading("Result");
        screen.fact("Status", output.status().name());
        screen.fact("Run", output.runId());
        var cause = output.cause();
        if (cause != null) {
            screen.fact(
                    "Cause",
                    cause.kind() + ": " + cause.reason()
                            + (cause.actor() == null ? "" : " (by " + cause.actor() + ")"));
        }
        var stopTook = output.stopTook();
        if (stopTook != null) {
            screen.fact("The stop took", Durations.format(stopTook));
        }
        if (after != null) {
            screen.fact("Tokens after it", String.valueOf(result.tokensAfterStop()));
        }
        for (var each : output.steps()) {
            screen.fact("Step " + each.stepName(), each.success() ? "done" : "not done");
        }
        var metrics = output.metrics();
        screen.fact(
                "Tokens",
                metrics.totalUsage().inputTokens() + " in, "
                        + metrics.totalUsage().outputTokens() + " out" + (metrics.estimated() ? " (estimated)" : ""));
        screen.fact("Duration", Durations.format(metrics.duration()));
        screen.fact("Content preview", output.text().isEmpty() ? "none before the end" : output.preview(PREVIEW));
        if (output.isCompleted()) {
            screen.note(
                    setting.cancelAfter() == null
                            ? "the run completed"
                            : "the run completed before it could be cancelled");
        }
        return result;
    }
}
