package dev.rein.internal.agent;

import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.CheckedText;
import dev.rein.guardrail.Guardrail;
import dev.rein.guardrail.GuardrailException;
import dev.rein.guardrail.Verdict;
import dev.rein.internal.run.Context;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Applies guardrails to a text, one after the other: each checks what the one before it has made of the text. */
final class Guards {
    private Guards() {}

    /**
     * What the guardrails have made of a text.
     *
     * @param text the text that may pass
     * @param refusal why a tool call is refused, for the model; null if it is not
     */
    record Outcome(CheckedText text, @Nullable String refusal) {}

    /**
     * Applies guardrails, and waits for their verdicts.
     *
     * @param context the run, or the piece of it, whose thread this is
     * @throws GuardrailException if a refusal ends the run, or a check has failed
     */
    static Outcome apply(List<Guardrail> guardrails, CheckedText text, Context context) {
        var current = text;
        for (var guardrail : guardrails) {
            var check = new GuardrailCheck(guardrail, current, context);
            switch (check.await()) {
                case Verdict.Pass _ -> {}
                case Verdict.Rewrite rewrite -> current = rewritten(current, rewrite);
                case Verdict.Refuse refuse -> {
                    if (endsRun(guardrail, text.point())) {
                        throw check.refused(refuse);
                    }
                    return new Outcome(
                            current,
                            Objects.requireNonNull(check.refused(refuse).getMessage()));
                }
            }
        }
        return new Outcome(current, null);
    }

    private static boolean endsRun(Guardrail guardrail, CheckPoint point) {
        return point == CheckPoint.INPUT || point == CheckPoint.OUTPUT || guardrail.endsRun();
    }

    static CheckedText rewritten(CheckedText text, Verdict.Rewrite rewrite) {
        return new CheckedText(
                text.point(),
                rewrite.text(),
                text.preceding(),
                text.precedingLength(),
                rewrite.images() == null ? text.images() : rewrite.images(),
                text.toolName(),
                text.reasoning());
    }
}
