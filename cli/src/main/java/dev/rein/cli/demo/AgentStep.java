package dev.rein.cli.demo;

import dev.rein.agent.Agent;
import dev.rein.cli.Durations;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStream;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.ToolCallStarted;
import org.jspecify.annotations.Nullable;

/** One agent that tells a long story, watched by this thread and stopped from another. */
final class AgentStep implements DemoStep {
    private static final int PREVIEW = 200;

    @Override
    public String title() {
        return "agent";
    }

    @Override
    public DemoResult run(DemoSetting setting) {
        var screen = setting.screen();
        var storyteller = Agent.builder()
                .name("Storyteller")
                .model(setting.model())
                .instructions("You tell long stories, with detailed descriptions and dialogue.")
                .build();
        screen.heading("An agent, stopped from another thread");
        try (var events = storyteller.stream(setting.prompt())) {
            screen.note("run " + events.runId() + " of " + setting.model().id() + plan(setting));
            var after = setting.cancelAfter();
            if (after == null) {
                show(events, screen);
                return report(setting, events.output(), null, 0);
            }
            var stopper = Stopper.start(storyteller, events, after);
            try (stopper) {
                show(events, screen);
            }
            return report(setting, events.output(), stopper.result(), stopper.deliveredAtStop());
        }
    }

    private static String plan(DemoSetting setting) {
        var after = setting.cancelAfter();
        return after == null
                ? " will be left to complete"
                : " will be cancelled by another thread after " + Durations.format(after);
    }

    private static void show(RunStream events, Screen screen) {
        for (var event : events) {
            switch (event) {
                case RunContent e -> screen.content(e.content());
                case ModelRequestFailed e ->
                    screen.note(e.error() + "; trying " + e.next() + " again in " + Durations.format(e.retryIn()));
                case ToolCallStarted e -> screen.note("tool " + e.tool().toolName());
                case RunCancelled e ->
                    screen.note(
                            "run " + e.runId() + " was cancelled: " + e.cause().reason());
                default -> {}
            }
        }
    }

    private DemoResult report(
            DemoSetting setting, RunOutput output, @Nullable CancelResult cancel, int deliveredAtStop) {
        var screen = setting.screen();
        var stopped = cancel != null && cancel.stopping();
        var after = stopped ? (Integer) Math.max(0, output.text().length() - deliveredAtStop) : null;
        var result = new DemoResult(title(), output, after);

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
        var metrics = output.metrics();
        screen.fact(
                "Tokens",
                metrics.usage().inputTokens() + " in, " + metrics.usage().outputTokens() + " out"
                        + (metrics.estimated() ? " (estimated)" : ""));
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
