package dev.rein.os.internal.route;

import dev.rein.text.PlainText;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes texts of clients safe for logs: without line breaks and control characters they can't forge a line. */
public final class LogText {
    private static final int MAX_LENGTH = 300;
    private static final int MAX_MESSAGE = 2_000;

    private LogText() {}

    /** A text of a client, on one line and shortened. */
    public static String line(String text) {
        return line(text, MAX_LENGTH);
    }

    private static String line(String text, int most) {
        var cut = text.length() > most ? text.substring(0, most) + "..." : text;
        return PlainText.line(cut);
    }

    /** The exception, or a stand-in with the same stack traces if one of its messages has several lines. */
    public static Throwable lines(Throwable exception) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        return hasOddMessage(exception, seen) ? OneLine.of(exception) : exception;
    }

    private static boolean hasOddMessage(@Nullable Throwable exception, Set<Throwable> seen) {
        if (exception == null || !seen.add(exception)) {
            return false;
        }
        var text = exception.toString();
        if (!PlainText.line(text).equals(text) || hasOddMessage(exception.getCause(), seen)) {
            return true;
        }
        for (var each : exception.getSuppressed()) {
            if (hasOddMessage(each, seen)) {
                return true;
            }
        }
        return false;
    }

    /** Stands in for an exception whose message is no line. */
    private static final class OneLine extends Exception {
        private static final long serialVersionUID = 1L;

        private OneLine(Throwable exception, @Nullable Throwable cause) {
            super(line(exception.toString(), MAX_MESSAGE), cause, true, true);
            setStackTrace(exception.getStackTrace());
        }

        static OneLine of(Throwable exception) {
            return of(exception, Collections.newSetFromMap(new IdentityHashMap<>()));
        }

        private static OneLine of(Throwable exception, Set<Throwable> seen) {
            seen.add(exception);
            var cause = exception.getCause();
            var copy = new OneLine(exception, cause == null || seen.contains(cause) ? null : of(cause, seen));
            for (var each : exception.getSuppressed()) {
                if (!seen.contains(each)) {
                    copy.addSuppressed(of(each, seen));
                }
            }
            return copy;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // The name of its class would be printed in front.
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
