package dev.rein.guardrail;

import dev.rein.internal.guardrail.Injections;

/**
 * Recognizes texts that try to change a model's instructions, such as "ignore all previous instructions", by the phrases that such texts
 * have in common: in English and some other languages, also with look-alike letters, digits in place of letters, spaced letters, or in
 * Base64. It is a heuristic: it costs nothing and stops what is common. Who writes a new phrase passes, so a model's rights must not
 * depend on it.
 */
public final class PromptInjection {
    private PromptInjection() {}

    /**
     * Refuses an input that tries it. {@code on(CheckPoint.INPUT, CheckPoint.TOOL_RESULT)} also checks what tools return, such as web
     * pages.
     */
    public static Guardrail refuse() {
        return Guardrail.of(
                "prompt_injection",
                (text, context) -> Injections.isIn(text.text(), context.cancellation())
                        ? Verdict.refuse("it looks like an attempt to change the instructions of the model")
                        : Verdict.pass(),
                CheckPoint.INPUT);
    }
}
