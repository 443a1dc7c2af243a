package dev.rein.openai.internal;

import dev.rein.openai.ThinkTags;
import dev.rein.openai.ThinkTags.Opening;
import java.util.function.Consumer;

/**
 * Separates the reasoning between two tags from the text around it. Both arrive in parts, and a tag may be split anywhere. Blanks next to
 * the tags are dropped. Confined to one thread.
 */
final class ThinkTagSplitter {

    private enum State {
        /** Nothing but blanks and the beginning of a tag have been received. */
        BEGINNING,
        /** It is unknown yet whether the text is reasoning. */
        UNDECIDED,
        TEXT,
        REASONING
    }

    private final ThinkTags tags;
    private final Consumer<String> text;
    private final Consumer<String> reasoning;

    /** What has been received and not delivered. */
    private final StringBuilder pending = new StringBuilder();

    private State state = State.BEGINNING;

    /** Number of pending characters in which no tag begins. */
    private int searched;

    private boolean hasText;
    private boolean hasReasoning;

    /** Whether blanks are dropped until something else is received. */
    private boolean afterTag;

    ThinkTagSplitter(ThinkTags tags, Consumer<String> text, Consumer<String> reasoning) {
        this.tags = tags;
        this.text = text;
        this.reasoning = reasoning;
    }

    void accept(String delta) {
        pending.append(delta);
        while (step()) {}
    }

    /** Delivers the rest, at the end of the response. */
    void end() {
        if (state == State.REASONING) {
            deliverReasoning(pending.toString().stripTrailing());
        } else if (!(afterTag && pending.toString().isBlank())) {
            deliverText(pending.toString());
        }
        pending.setLength(0);
    }

    /** Delivers what can be; true if the state has changed, so that there may be more. */
    private boolean step() {
        return switch (state) {
            case BEGINNING -> begin();
            case UNDECIDED -> decide();
            case TEXT -> readText();
            case REASONING -> readReasoning();
        };
    }

    private boolean begin() {
        var received = pending.toString().stripLeading();
        if (received.startsWith(tags.open())) {
            pending.setLength(0);
            pending.append(received, tags.open().length(), received.length());
            return enter(State.REASONING);
        }
        if (tags.open().startsWith(received)) {
            return false;
        }
        afterTag = tags.opening() == Opening.NEVER;
        state = switch (tags.opening()) {
            case ALWAYS -> State.TEXT;
            case MAYBE -> State.UNDECIDED;
            case NEVER -> State.REASONING;
        };
        return true;
    }

    private boolean decide() {
        var close = pending.indexOf(tags.close(), searched);
        var open = pending.indexOf(tags.open(), searched);
        searched = Math.max(
                0,
                pending.length() - Math.max(tags.close().length(), tags.open().length()));
        if (close < 0 && open < 0) {
            return false;
        }
        if (open >= 0 && (close < 0 || open < close)) {
            deliverText(take(open));
            take(tags.open().length());
            return enter(State.REASONING);
        }
        deliverReasoning(take(close).strip());
        take(tags.close().length());
        return enter(State.TEXT);
    }

    private boolean readText() {
        dropBlanks();
        var open = pending.indexOf(tags.open());
        if (open >= 0) {
            deliverText(take(open));
            take(tags.open().length());
            return enter(State.REASONING);
        }
        deliverText(take(pending.length() - partialTag(tags.open())));
        return false;
    }

    private boolean readReasoning() {
        dropBlanks();
        var close = pending.indexOf(tags.close());
        if (close >= 0) {
            deliverReasoning(take(close).stripTrailing());
            take(tags.close().length());
            return enter(State.TEXT);
        }
        var end = pending.length() - partialTag(tags.close());
        while (end > 0 && Character.isWhitespace(pending.charAt(end - 1))) {
            end--;
        }
        deliverReasoning(take(end));
        return false;
    }

    private boolean enter(State next) {
        state = next;
        searched = 0;
        // Text between two blocks of reasoning keeps its blanks.
        afterTag = next == State.REASONING || !hasText;
        if (next == State.REASONING && hasReasoning) {
            reasoning.accept("\n\n");
        }
        return true;
    }

    private void dropBlanks() {
        if (afterTag) {
            var blanks = 0;
            while (blanks < pending.length() && Character.isWhitespace(pending.charAt(blanks))) {
                blanks++;
            }
            afterTag = blanks == pending.length();
            take(blanks);
        }
    }

    /** Length of the longest end of the pending text with which the tag may begin. */
    private int partialTag(String tag) {
        for (var length = Math.min(pending.length(), tag.length() - 1); length > 0; length--) {
            if (tag.startsWith(pending.substring(pending.length() - length))) {
                return length;
            }
        }
        return 0;
    }

    private String take(int length) {
        var taken = pending.substring(0, length);
        pending.delete(0, length);
        return taken;
    }

    private void deliverText(String part) {
        hasText |= !part.isBlank();
        text.accept(part);
    }

    private void deliverReasoning(String part) {
        hasReasoning |= !part.isEmpty();
        reasoning.accept(part);
    }
}
