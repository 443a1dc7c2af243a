package dev.rein.openai.internal;

import dev.rein.openai.ThinkTags;
import dev.rein.openai.ThinkTags.Opening;
import java.util.function.Consumer;

/**
 * Separates the reasoning between two tags from the text around it. Both arrive in parts, and a tag may be split anywhere. Blanks next to
 * the tags are dropped. No character is looked at more often than a tag is long, however small the parts are. Confined to one thread.
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
    private final PendingText pending = new PendingText();

    private State state = State.BEGINNING;
    private boolean hasText;
    private boolean hasReasoning;

    /** Whether blanks are dropped until something else is received. */
    private boolean afterTag;

    ThinkTagSplitter(ThinkTags tags, Consumer<String> text, Consumer<String> reasoning) {
        // Blanks next to tags are dropped, so they distinguish nothing.
        this.tags = new ThinkTags(tags.open().strip(), tags.close().strip(), tags.opening(), tags.anywhere());
        this.text = text;
        this.reasoning = reasoning;
    }

    void accept(String delta) {
        pending.append(delta);
        while (step()) {}
        pending.compact();
    }

    /** Delivers the rest, at the end of the response. */
    void end() {
        var rest = pending.takeAll();
        if (state == State.REASONING) {
            deliverReasoning(rest.stripTrailing());
        } else if (!(afterTag && rest.isBlank())) {
            deliverText(rest);
        }
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
        var first = pending.skipBlanks();
        var matched = pending.matched(first, tags.open());
        if (matched == tags.open().length()) {
            pending.dropTo(first + matched);
            return enter(State.REASONING);
        }
        if (first + matched == pending.end()) {
            return false;
        }
        afterTag = tags.opening() == Opening.NEVER;
        state = switch (tags.opening()) {
            case ALWAYS -> State.TEXT;
            case MAYBE -> State.UNDECIDED;
            case NEVER -> State.REASONING;
        };
        pending.rewind();
        return true;
    }

    private boolean decide() {
        var close = pending.find(tags.close());
        var open = pending.find(tags.open());
        if (close < 0 && open < 0) {
            pending.searched(Math.max(tags.close().length(), tags.open().length()));
            return false;
        }
        if (open < 0 || (close >= 0 && close < open)) {
            deliverReasoning(pending.takeTo(close).strip());
            pending.dropTo(close + tags.close().length());
            return enter(State.TEXT);
        }
        if (!tags.anywhere()) {
            // Behind text, it is a tag that the answer mentions.
            state = State.TEXT;
            deliverText(pending.takeTo(open));
            return true;
        }
        return endText(open);
    }

    private boolean endText(int open) {
        deliverText(pending.takeTo(open));
        pending.dropTo(open + tags.open().length());
        return enter(State.REASONING);
    }

    private boolean readText() {
        if (dropsBlanks()) {
            return false;
        }
        if (tags.anywhere()) {
            var open = pending.find(tags.open());
            if (open >= 0) {
                return endText(open);
            }
            deliverText(pending.takeTo(pending.end() - pending.partial(tags.open())));
            return false;
        }
        if (!hasText) {
            var matched = pending.matched(pending.start(), tags.open());
            if (matched == tags.open().length()) {
                return endText(pending.start());
            }
            if (matched > 0 && pending.start() + matched == pending.end()) {
                return false;
            }
        }
        deliverText(pending.takeAll());
        return false;
    }

    private boolean readReasoning() {
        if (dropsBlanks()) {
            return false;
        }
        var close = pending.find(tags.close());
        if (close >= 0) {
            deliverReasoning(pending.takeTo(close).stripTrailing());
            pending.dropTo(close + tags.close().length());
            return enter(State.TEXT);
        }
        deliverReasoning(pending.takeTo(pending.endWithoutBlanks(pending.end() - pending.partial(tags.close()))));
        pending.searched(tags.close().length());
        return false;
    }

    private boolean enter(State next) {
        state = next;
        pending.rewind();
        // Text between two blocks of reasoning keeps its blanks.
        afterTag = next == State.REASONING || !hasText;
        if (next == State.REASONING && hasReasoning) {
            reasoning.accept("\n\n");
        }
        return true;
    }

    /** Drops blanks behind a tag; true if there is nothing else yet. */
    private boolean dropsBlanks() {
        if (afterTag) {
            pending.dropTo(pending.skipBlanks());
            afterTag = pending.isEmpty();
        }
        return afterTag;
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
