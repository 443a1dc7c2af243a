package dev.rein.internal.guardrail;

/**
 * A place in a text.
 *
 * @param start its first character
 * @param end behind its last character
 */
public record Finding(int start, int end) {}
