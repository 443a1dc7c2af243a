package dev.rein.cli.demo;

import dev.rein.cli.Durations;
import dev.rein.cli.ModelChoice;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options common to all demos; allowed before or after the demo's name. */
final class DemoOptions {
    @Option(
            names = "--cancel-after",
            paramLabel = "TIME",
            converter = Durations.class,
            scope = ScopeType.INHERIT,
            description = "When another thread cancels the run: 500ms, 3s, 1m."
                    + " Default: agent 3s, workflow 7s, team 6s, background 5s.")
    private @Nullable Duration cancelAfter;

    @Option(names = "--no-cancel", scope = ScopeType.INHERIT, description = "Lets the run complete.")
    private boolean noCancel;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            scope = ScopeType.INHERIT,
            description = "What the model is asked. Default: a very long story about a dragon who learns to code;"
                    + " in the background, a market analysis.")
    private @Nullable String prompt;

    @Option(
            names = "--model",
            paramLabel = "ID",
            scope = ScopeType.INHERIT,
            description = "The model's id. Default: that of REIN_MODEL, or gpt-4o-mini.")
    private @Nullable String model;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "An OpenAI-compatible server, such as http://localhost:8080/v1. Default: OPENAI_BASE_URL.")
    private @Nullable String baseUrl;

    @Option(
            names = "--offline-pace",
            paramLabel = "RATE",
            scope = ScopeType.INHERIT,
            defaultValue = "25",
            description = "Tokens a second of the offline model. Default: 25.")
    private double offlinePace;

    /** When to cancel this demo; null for never. Throws IllegalArgumentException if both options are given. */
    @Nullable
    Duration cancelAfter(Demo step) {
        if (noCancel && cancelAfter != null) {
            throw new IllegalArgumentException("--no-cancel and --cancel-after exclude each other: give one of them");
        }
        if (noCancel) {
            return null;
        }
        return cancelAfter == null ? step.cancelAfter() : cancelAfter;
    }

    /** @throws IllegalArgumentException if the prompt is blank */
    String prompt(Demo step) {
        if (prompt == null) {
            return step.prompt();
        }
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("--prompt is blank: give the text to ask, or leave it out");
        }
        return prompt;
    }

    /** @throws IllegalArgumentException if the URL or the pace is invalid */
    ModelChoice model() {
        return ModelChoice.of(model, baseUrl, offlinePace, System.getenv());
    }
}
