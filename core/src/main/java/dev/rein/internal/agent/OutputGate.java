package dev.rein.internal.agent;

import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.Guardrail;
import dev.rein.guardrail.GuardrailException;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.model.ModelResponse;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What stands between one response of a model and its delivery: the guardrails of the output, and a hold for those of the input. */
final class OutputGate {
    private final Context context;
    private final @Nullable OutputHold hold;
    private final CheckedStream text;
    private final CheckedStream reasoning;

    /** Set once: adapters may turn the exception that ends a stream into one of theirs. */
    private volatile @Nullable GuardrailException refusal;

    private OutputGate(
            List<Guardrail> guardrails,
            Context context,
            BiConsumer<String, @Nullable String> release,
            @Nullable OutputHold hold) {
        this.context = context;
        this.hold = hold;
        this.text = new CheckedStream(guardrails, false, shown -> release.accept(shown, null));
        this.reasoning = new CheckedStream(guardrails, true, shown -> release.accept("", shown));
    }

    /**
     * The gate of a response; null if everything passes at once.
     *
     * @param context the piece of the run in which the model is called
     * @param release delivers text and reasoning
     * @param hold holds everything until the input has passed; null for nothing
     */
    static @Nullable OutputGate of(
            Run run, Context context, BiConsumer<String, @Nullable String> release, @Nullable OutputHold hold) {
        var guardrails = run.guardrails().at(CheckPoint.OUTPUT);
        return guardrails.isEmpty() && hold == null ? null : new OutputGate(guardrails, context, release, hold);
    }

    /** Takes what the model says; on the thread of its call. */
    void accept(String delta, @Nullable String reasoningDelta) {
        throwIfRefused();
        if (hold == null || !hold.holds(this, delta, reasoningDelta)) {
            pass(delta, reasoningDelta, context);
        }
    }

    /** Passes on what the guardrails let pass; on the thread of the given context. */
    void pass(String delta, @Nullable String reasoningDelta, Context in) {
        try {
            reasoning.add(reasoningDelta == null ? "" : reasoningDelta, in);
            text.add(delta, in);
        } catch (GuardrailException e) {
            refusal = e;
            throw e;
        }
    }

    /** Throws the refusal that has ended the stream, if one has. */
    void throwIfRefused() {
        var earlier = refusal;
        if (earlier != null) {
            throw earlier;
        }
    }

    /**
     * Waits until everything has passed.
     *
     * @return the response as it may be stored and shown
     */
    ModelResponse end(ModelResponse response) {
        throwIfRefused();
        if (hold != null) {
            hold.awaitOpen(context);
            throwIfRefused();
        }
        try {
            if (!reasoning.hasReceived() && response.reasoning() != null) {
                reasoning.add(response.reasoning(), context);
            }
            reasoning.end(context);
            if (!text.hasReceived()) {
                text.add(response.text(), context);
            }
            text.end(context);
        } catch (GuardrailException e) {
            refusal = e;
            throw e;
        }
        var checked = response.withText(text.passed(), reasoning.hasReceived() ? reasoning.passed() : null);
        // The data of the provider has the text too.
        return text.isRewritten() || reasoning.isRewritten() || !isWhatWasStreamed(response)
                ? checked.withProviderData(null)
                : checked;
    }

    private boolean isWhatWasStreamed(ModelResponse response) {
        return text.passed().equals(response.text())
                && reasoning.passed().equals(Objects.requireNonNullElse(response.reasoning(), ""));
    }
}
