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
            description = "When another thread cancels the run, such as 500ms, 3s or 1m."
                    + " Default: agent 3s, workflow 7s, team 6s, background 5s.")
    private @Nullable Duration cancelAfter;

    @Option(
            names = "--no-cancel",
            scope = ScopeType.INHERIT,
            description = "Lets the run complete instead of cancelling it.")
    private boolean noCancel;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            scope = ScopeType.INHERIT,
            description = "The prompt. Default: a very long story about a dragon who learns to code;"
                    + " for the background demo, a market analysis.")
    private @Nullable String prompt;

    @Option(
            names = "--model",
            paramLabel = "ID",
            scope = ScopeType.INHERIT,
            description = "The model's id; with anthropic:, gemini: or ollama: before it, one of that provider."
                    + " Default: REIN_MODEL, or gpt-4o-mini.")
    private @Nullable String model;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description =
                    "An OpenAI-compatible server, such as http://localhost:8080/v1. Default: OPENAI_BASE_URL, or for"
                            + " anthropic: ANTHROPIC_BASE_URL, for gemini: GOOGLE_GEMINI_BASE_URL, for ollama: OLLAMA_HOST.")
    private @Nullable String baseUrl;

    @Option(
            names = "--offline-pace",
            paramLabel = "RATE",
            scope = ScopeType.INHERIT,
            defaultValue = "25",
            description = "Tokens per second of the offline model. Default: 25.")
    private double offlinePace;

    /** When to cancel this demo; null for never. Throws IllegalArgumentException if both options are given. */
    @Nullable
    Duration cancelAfter(Demo demo) {
        if (noCancel && cancelAfter != null) {
            throw new IllegalArgumentException("--no-cancel and --cancel-after exclude each other: use only one");
        }
        if (noCancel) {
            return null;
        }
        return cancelAfter == null ? demo.cancelAfter() : cancelAfter;
    }

    /** @throws IllegalArgumentException if the prompt is blank */
    String prompt(Demo demo) {
        if (prompt == null) {
            return demo.prompt();
        }
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("--prompt is blank: pass a text, or omit the option");
        }
        return prompt;
    }

    /** @throws IllegalArgumentException if the URL or the pace is invalid */
    ModelChoice model() {
        return ModelChoice.of(model, baseUrl, offlinePace, System.getenv());
    }
}
