package dev.rein.internal.team;

/** A member's run ended as ERROR. The leader reads the message. */
final class MemberFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MemberFailedException(String message) {
        super(message);
    }
}
