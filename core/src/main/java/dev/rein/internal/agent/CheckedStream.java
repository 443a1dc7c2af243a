package dev.rein.internal.agent;

import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.CheckedText;
import dev.rein.guardrail.Guardrail;
import dev.rein.internal.guardrail.Sentences;
import dev.rein.internal.run.Context;
import java.util.List;
import java.util.function.Consumer;

/**
 * The text or the reasoning of one response on its way through the guardrails of the output. It is held back until it has passed, by
 * sentence or, if one of the guardrails needs the whole, until it is complete. Used by one thread at a time.
 */
final class CheckedStream {
    /** The maximum length of what is held back, in characters. */
    private static final int MAX_HELD = 4 << 20;

    /** What a check sees of the text before its sentence, in characters: all of it would be copied for each sentence. */
    private static final int MAX_PRECEDING = 10_000;

    private final List<Guardrail> guardrails;
    private final boolean whole;
    private final boolean reasoning;
    private final Consumer<String> release;
    private final StringBuilder held = new StringBuilder();
    private final StringBuilder passed = new StringBuilder();
    private int looked;

    /** The code points of {@link #passed}. */
    private int passedLength;

    private boolean received;
    private boolean rewritten;

    /** @param release delivers what has passed */
    CheckedStream(List<Guardrail> guardrails, boolean reasoning, Consumer<String> release) {
        this.release = release;
        this.guardrails = guardrails;
        this.whole = guardrails.stream().anyMatch(Guardrail::whole);
        this.reasoning = reasoning;
    }

    /** Adds text, and delivers what has passed by now. */
    void add(String delta, Context context) {
        received |= !delta.isEmpty();
        // In parts, so that what is held back stays short: each sentence is taken from its beginning.
        for (var from = 0; from < delta.length(); from += Sentences.MAX) {
            addPart(delta.substring(from, Math.min(delta.length(), from + Sentences.MAX)), context);
        }
    }

    private void addPart(String part, Context context) {
        held.append(part);
        if (held.length() > MAX_HELD) {
            throw new IllegalStateException("a response is longer than " + MAX_HELD
                    + " characters, more than is held back for the guardrails of the output: limit maxOutputTokens");
        }
        if (guardrails.isEmpty()) {
            end(context);
        }
        while (!whole) {
            var end = Sentences.end(held, looked);
            if (end < 0) {
                looked = Sentences.lookedAt(held);
                break;
            }
            pass(end, context);
        }
    }

    /** Delivers the rest, once everything has been added. */
    void end(Context context) {
        if (!held.isEmpty()) {
            pass(held.length(), context);
        }
    }

    private void pass(int end, Context context) {
        var piece = held.substring(0, end);
        held.delete(0, end);
        looked = 0;
        var text = piece;
        if (!guardrails.isEmpty()) {
            var preceding = whole ? "" : passed.substring(Math.max(0, passed.length() - MAX_PRECEDING));
            var checked = new CheckedText(
                    CheckPoint.OUTPUT, piece, preceding, whole ? 0 : passedLength, List.of(), null, reasoning);
            text = Guards.apply(guardrails, checked, context).text().text();
        }
        rewritten |= !text.equals(piece);
        passed.append(text);
        passedLength += text.codePointCount(0, text.length());
        if (!text.isEmpty()) {
            release.accept(text);
        }
    }

    boolean hasReceived() {
        return received;
    }

    /** Whether what has passed differs from what was added. */
    boolean isRewritten() {
        return rewritten;
    }

    String passed() {
        return passed.toString();
    }
}
