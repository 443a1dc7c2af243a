package dev.rein.internal.agent;

import dev.rein.cancel.Cancellation;
import dev.rein.guardrail.CheckContext;
import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.CheckedText;
import dev.rein.guardrail.Guardrail;
import dev.rein.guardrail.GuardrailException;
import dev.rein.guardrail.Verdict;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Subtask;
import dev.rein.internal.run.UserCode;
import dev.rein.model.Model;
import dev.rein.model.Prices;
import dev.rein.model.Usage;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunContext;
import dev.rein.run.RunListener;
import dev.rein.run.RunListener.CheckOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One check of a guardrail, in a subtask of its own: it can be stopped with its run or alone, and it can be abandoned. */
final class GuardrailCheck {
    static final String SUBTASK_PREFIX = "guardrail ";

    private static final Logger log = LoggerFactory.getLogger(GuardrailCheck.class);

    private final Guardrail guardrail;
    private final CheckedText text;
    private final Context context;
    private final Instant startedAt = Instant.now();
    private final Subtask<Object> subtask;

    /**
     * Starts a check.
     *
     * @param context the run, or the piece of it, that waits for the verdict
     */
    GuardrailCheck(Guardrail guardrail, CheckedText text, Context context) {
        this.guardrail = guardrail;
        this.text = text;
        this.context = context;
        this.subtask = context.fork(
                SUBTASK_PREFIX + guardrail.name(),
                null,
                guardrail.timeout(),
                own -> UserCode.call(
                        own,
                        CallInterceptor.Kind.GUARDRAIL,
                        guardrail.name(),
                        () -> guardrail.check().check(text, new OfCheck(own))),
                _ -> {},
                _ -> {});
    }

    Subtask<Object> subtask() {
        return subtask;
    }

    /**
     * Waits for the verdict.
     *
     * @throws GuardrailException if the check has failed, and its guardrail fails closed
     */
    Verdict await() {
        while (!subtask.isOver()) {
            var _ = context.awaitOver(List.of(subtask));
        }
        return verdict();
    }

    /** The verdict, once the subtask is over; see {@link #await}. */
    Verdict verdict() {
        context.scope().throwIfCancelled();
        var value = subtask.value();
        var problem = switch (subtask.status()) {
            case COMPLETED -> value == null ? "returned null" : null;
            case CANCELLED -> "did not answer within " + guardrail.timeout().toMillis() + " ms";
            default ->
                "failed with " + Objects.requireNonNull(subtask.failure()).type();
        };
        var isLate = problem == null
                && text.point() == CheckPoint.INPUT
                && guardrail.beside()
                && value instanceof Verdict.Rewrite;
        if (isLate) {
            problem = "wants to rewrite an input that was sent to the model already: use beforeModel()";
        }
        if (problem == null) {
            var verdict = (Verdict) Objects.requireNonNull(value);
            notify(verdict);
            return verdict;
        }
        // The exception is for the finest log only: its message may quote the text.
        log.trace("guardrail \"{}\" {}", guardrail.name(), problem, subtask.error());
        notify(CheckOutcome.FAILED, problem);
        // A text that is to be rewritten must not pass as it is, whatever becomes of checks that fail.
        if (guardrail.failsOpen() && !isLate) {
            return Verdict.pass();
        }
        throw new GuardrailException(
                guardrail.name(),
                text.point(),
                "the guardrail \"" + guardrail.name() + "\" could not check the " + name(text.point()) + ": it "
                        + problem + (isLate ? "" : "; mend it, or let texts pass in this case with failOpen()"));
    }

    /** The failure of a run that this guardrail has ended. */
    GuardrailException refused(Verdict.Refuse verdict) {
        return new GuardrailException(
                guardrail.name(),
                text.point(),
                "the guardrail \"" + guardrail.name() + "\" refused the " + name(text.point()) + ": "
                        + verdict.reason());
    }

    private void notify(Verdict verdict) {
        switch (verdict) {
            case Verdict.Pass _ -> notify(CheckOutcome.PASSED, null);
            case Verdict.Rewrite _ -> notify(CheckOutcome.REWRITTEN, null);
            case Verdict.Refuse refuse -> notify(CheckOutcome.REFUSED, refuse.reason());
        }
    }

    private void notify(CheckOutcome outcome, @Nullable String reason) {
        var observers = context.run().observers();
        if (observers.isDeaf()) {
            return;
        }
        observers.guardrailChecked(new RunListener.GuardrailCheck(
                guardrail.name(),
                text.point().name(),
                text.toolName(),
                startedAt,
                subtask.duration(),
                outcome,
                reason));
        observers.wake();
    }

    static String name(CheckPoint point) {
        return switch (point) {
            case INPUT -> "input";
            case OUTPUT -> "output";
            case TOOL_ARGUMENTS -> "arguments of a tool call";
            case TOOL_RESULT -> "result of a tool call";
        };
    }

    private record OfCheck(Context context) implements CheckContext {
        @Override
        public RunContext run() {
            return context;
        }

        @Override
        public Cancellation cancellation() {
            return context.cancellation();
        }

        @Override
        public void usage(Model model, Usage usage) {
            if (usage.isPlausible()) {
                context.run().delivery().usedBesides(usage, Prices.list().of(model));
            }
        }
    }
}
