package dev.rein.internal.agent;

/** The result or the error of a tool, in the words that its guardrails let pass. It has no cause, which would have other words. */
final class WithheldResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WithheldResultException(String message) {
        super(message);
    }
}
