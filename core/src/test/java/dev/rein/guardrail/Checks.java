package dev.rein.guardrail;

import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import dev.rein.run.RunStatus;
import java.util.concurrent.atomic.AtomicReference;

/** Helpers for tests of checks. */
final class Checks {
    private Checks() {}

    /** The verdict of a guardrail on an input, given in a run. */
    static Verdict verdict(Guardrail guardrail, String text) throws Exception {
        return verdict(guardrail, CheckedText.of(CheckPoint.INPUT, text));
    }

    /** The verdict of a guardrail on a text, given in a run. */
    static Verdict verdict(Guardrail guardrail, CheckedText text) throws Exception {
        var verdict = new AtomicReference<Verdict>();
        var spy = Guardrail.of(
                "spy",
                (_, context) -> {
                    verdict.set(guardrail.check().check(text, context));
                    return Verdict.pass();
                },
                CheckPoint.INPUT);
        var output = Agent.builder()
                .model(TestModel.of(TestModel.says("ok")))
                .guardrails(spy)
                .build()
                .run("x");
        if (output.status() != RunStatus.COMPLETED) {
            throw new AssertionError("the check failed: " + output.failure());
        }
        return verdict.get();
    }

    static String rewritten(Guardrail guardrail, String text) throws Exception {
        return verdict(guardrail, text) instanceof Verdict.Rewrite rewrite ? rewrite.text() : text;
    }

    static boolean refuses(Guardrail guardrail, String text) throws Exception {
        return verdict(guardrail, text) instanceof Verdict.Refuse;
    }

    /** A guardrail that refuses texts with a word. */
    static Guardrail refusing(String word, CheckPoint point) {
        return Guardrail.of(
                "refusing",
                (text, _) -> text.text().contains(word) ? Verdict.refuse("the word is not allowed") : Verdict.pass(),
                point);
    }

    /** A guardrail that replaces a word with another. */
    static Guardrail replacing(String word, String other, CheckPoint point) {
        return Guardrail.of(
                "replacing",
                (text, _) ->
                        text.text().contains(word) ? Verdict.rewrite(text.text().replace(word, other)) : Verdict.pass(),
                point);
    }
}
