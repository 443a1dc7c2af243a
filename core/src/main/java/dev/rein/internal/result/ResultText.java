package dev.rein.internal.result;

/**
 * The text of a result.
 *
 * @param complete whether this is all of it
 */
public record ResultText(String text, boolean complete) {}
