package dev.rein.internal.agent;

import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a model says until the input has passed the guardrails that check it beside the request. Until it is open the thread of
 * the model's call only adds; the run's thread passes on what was held, in order, and opens it when nothing is left.
 */
final class OutputHold {
    private static final int MAX_HELD = 4 << 20;

    private record Held(
            OutputGate gate, String text, @Nullable String reasoning) {}

    private final Run run;
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();

    /** Guarded by the tree's lock, as what follows. */
    private final List<Held> held = new ArrayList<>();

    private long characters;
    private boolean open;

    /** Whether the run's thread passes on what was held. */
    private boolean passing;

    OutputHold(Run run) {
        this.run = run;
    }

    /** Holds text, unless it is open. */
    boolean holds(OutputGate gate, String text, @Nullable String reasoning) {
        return run.locked(() -> {
            if (open) {
                return false;
            }
            characters += text.length() + (reasoning == null ? 0 : reasoning.length());
            if (characters > MAX_HELD) {
                throw new IllegalStateException("a response has more than " + MAX_HELD
                        + " characters before the guardrails have checked the input: limit maxOutputTokens, or check the"
                        + " input first, with beforeModel()");
            }
            return held.add(new Held(gate, text, reasoning));
        });
    }

    /**
     * Forgets what it holds, because the attempt has failed.
     *
     * @return false if it is too late, because that is being delivered
     */
    boolean clear() {
        return run.locked(() -> {
            held.clear();
            characters = 0;
            return !passing;
        });
    }

    /** Passes on what it holds, and then holds nothing any more. On the run's thread. */
    void open() {
        while (true) {
            var next = run.locked(() -> {
                var all = List.copyOf(held);
                held.clear();
                open = all.isEmpty();
                passing = !open;
                return all;
            });
            if (next.isEmpty()) {
                opened.complete(true);
                return;
            }
            next.forEach(each -> each.gate().pass(each.text(), each.reasoning(), run.context()));
        }
    }

    /** Waits until it is open. */
    void awaitOpen(Context context) {
        try {
            var _ = context.cancellation().await(opened, null);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
