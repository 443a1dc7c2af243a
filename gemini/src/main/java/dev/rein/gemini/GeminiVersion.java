package dev.rein.gemini;

import java.util.regex.Pattern;

/** What differs between the generations of models, by their ids. Unknown ids, such as those of aliases, are taken for new models. */
enum GeminiVersion {
    /** Before Gemini 3. */
    OLD,
    /** Gemini 3 and later. */
    NEW;

    private static final Pattern OLD_ID = Pattern.compile("(?:.*/)?(?:gemini-[12]|gemma|learnlm).*");

    static GeminiVersion of(String id) {
        return OLD_ID.matcher(id).matches() ? OLD : NEW;
    }

    /** Whether tool calls of the current turn must have a signature. */
    boolean requiresSignatures() {
        return this == NEW;
    }

    /** Whether the server enforces a schema of the answer beside tools. */
    boolean hasSchemaBesideTools() {
        return this == NEW;
    }

    /** Whether the amount of thinking is a name instead of a number of tokens. */
    boolean hasThinkingLevels() {
        return this == NEW;
    }
}
