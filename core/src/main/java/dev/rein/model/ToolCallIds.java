package dev.rein.model;

import java.util.regex.Pattern;

/** The form of tool call ids that a server accepts. */
public enum ToolCallIds {
    /** Every id is accepted as it is. */
    ANY("(?s).*", "call_", 24),
    /** At most 40 letters, digits, {@code _} and {@code -}, as OpenAI and Anthropic require; other servers make longer ones. */
    UP_TO_40("[A-Za-z0-9_-]{1,40}", "call_", 24),
    /** Exactly nine letters or digits, as Mistral requires. */
    NINE_ALPHANUMERIC("[A-Za-z0-9]{9}", "", 9);

    private final Pattern form;
    private final String prefix;
    private final int hashLength;

    ToolCallIds(String form, String prefix, int hashLength) {
        this.form = Pattern.compile(form);
        this.prefix = prefix;
        this.hashLength = hashLength;
    }

    /** Whether an id can be sent as it is. */
    boolean accepts(String id) {
        return !id.isBlank()
                && form.matcher(id).matches()
                && WellFormedText.of(id).equals(id);
    }

    /**
     * An id in place of another one, the same each time.
     *
     * @param attempt from 1; each gives a different id
     */
    String replacement(String id, int attempt) {
        return prefix + ToolNames.hash(attempt + ":" + id).substring(0, hashLength);
    }
}
