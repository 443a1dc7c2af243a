package dev.rein.guardrail;

import dev.rein.model.Image;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link Check} decides on a text. Immutable. */
public sealed interface Verdict {

    /** The text may pass. */
    record Pass() implements Verdict {
        private static final Pass INSTANCE = new Pass();
    }

    /**
     * Another text takes the place of the checked one, everywhere: it is what is sent, stored and shown.
     *
     * @param text the new text
     * @param images the new images of an input; null to keep those it has
     */
    record Rewrite(String text, @Nullable List<Image> images) implements Verdict {
        public Rewrite {
            Objects.requireNonNull(text, "the text of a rewrite is null: give the new text, which may be empty");
            images = images == null ? null : List.copyOf(images);
        }
    }

    /**
     * The text must not pass.
     *
     * @param reason why, for the caller, or for the model if it is that of a tool call; it must not quote the text
     */
    record Refuse(String reason) implements Verdict {
        public Refuse {
            Objects.requireNonNull(reason, "the reason of a refusal is null: say why, without quoting the text");
        }
    }

    static Verdict pass() {
        return Pass.INSTANCE;
    }

    /** The given text takes the place of the checked one; images of an input stay. */
    static Verdict rewrite(String text) {
        return new Rewrite(text, null);
    }

    /** The given text and images take the place of the checked input. */
    static Verdict rewrite(String text, List<Image> images) {
        return new Rewrite(text, images);
    }

    /** @param reason why, without quoting the text */
    static Verdict refuse(String reason) {
        return new Refuse(reason);
    }
}
