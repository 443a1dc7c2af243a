package dev.rein.internal.team;

/** Thrown to a leader whose member's run ended as ERROR; the message is the tool result. */
final class MemberFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MemberFailedException(String message) {
        super(message);
    }
}
