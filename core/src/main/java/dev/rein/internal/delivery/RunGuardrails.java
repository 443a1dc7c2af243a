package dev.rein.internal.delivery;

import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.Guardrail;
import dev.rein.internal.InterruptionTexts;
import dev.rein.run.RunInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The guardrails of a run, and its input as they let others see it. Thread-safe. */
public final class RunGuardrails {
    private final List<Guardrail> guardrails;
    private volatile RunInput input;

    /**
     * @param own the guardrails of the run's component
     * @param above those of the run above; null for a root
     * @param given the input of the run
     * @param checked whether the input has been checked before, by the process that started the run
     */
    public RunGuardrails(List<Guardrail> own, @Nullable RunGuardrails above, RunInput given, boolean checked) {
        guardrails = above == null ? own : withThoseAbove(own, above.guardrails);
        input = checked || own.stream().noneMatch(each -> each.checks(CheckPoint.INPUT))
                ? given
                : RunInput.of(InterruptionTexts.UNCHECKED_INPUT);
    }

    /** The runs above show what a run says, and what its tools are given and return, so their guardrails check it too. */
    @SuppressWarnings("ReferenceEquality") // equals would be code of the user's
    private static List<Guardrail> withThoseAbove(List<Guardrail> own, List<Guardrail> above) {
        var all = new ArrayList<>(own);
        for (var each : above) {
            var points = each.points().stream()
                    .filter(point -> point != CheckPoint.INPUT)
                    .toList();
            var isOwn = own.stream()
                    .anyMatch(other ->
                            other.check() == each.check() && other.points().containsAll(points));
            if (!points.isEmpty() && !isOwn) {
                all.add(each.on(
                        points.getFirst(), points.subList(1, points.size()).toArray(CheckPoint[]::new)));
            }
        }
        return List.copyOf(all);
    }

    /** Those that check there, in the order in which they do. */
    public List<Guardrail> at(CheckPoint point) {
        return guardrails.isEmpty()
                ? guardrails
                : guardrails.stream().filter(each -> each.checks(point)).toList();
    }

    /** The input as it is stored and shown. */
    public RunInput input() {
        return input;
    }

    /** Sets the input that is stored and shown, once it has been checked. */
    public void input(RunInput checked) {
        input = checked;
    }
}
