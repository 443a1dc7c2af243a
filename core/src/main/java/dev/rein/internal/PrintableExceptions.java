package dev.rein.internal;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes exceptions of users' code safe to log and to wrap: their messages are users' code too, and may throw. Never called under
 * a tree's lock: a message may also block.
 */
public final class PrintableExceptions {
    private PrintableExceptions() {}

    /** Stands in for an exception that can't be printed: it has the name of its class, and its stack. */
    private static final class UnprintableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private UnprintableException(Throwable exception, Throwable why) {
            super(
                    exception.getClass().getName() + ", which can't be printed: "
                            + why.getClass().getName(),
                    null,
                    false,
                    true);
            setStackTrace(stackTrace(exception));
        }

        private static StackTraceElement[] stackTrace(Throwable exception) {
            try {
                return exception.getStackTrace().clone();
            } catch (Throwable e) {
                return new StackTraceElement[0];
            }
        }
    }

    /** The exception itself if it and its causes can be printed, otherwise one that stands in for it. */
    public static Throwable of(Throwable exception) {
        var standIn = standIn(exception);
        return standIn == null ? exception : standIn;
    }

    /**
     * Calls users' code.
     *
     * @throws Exception what it throws, or what stands in for that
     */
    public static <T extends @Nullable Object> T call(Callable<T> code) throws Exception {
        try {
            return code.call();
        } catch (Throwable e) {
            var standIn = standIn(e);
            if (standIn != null) {
                throw standIn;
            }
            throw e;
        }
    }

    /** The same for code that throws no checked exception. */
    public static <T extends @Nullable Object> T get(Supplier<T> code) {
        try {
            return code.get();
        } catch (Throwable e) {
            var standIn = standIn(e);
            if (standIn != null) {
                throw standIn;
            }
            throw e;
        }
    }

    private static @Nullable RuntimeException standIn(Throwable exception) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        try {
            for (@Nullable Throwable each = exception; each != null && seen.add(each); each = each.getCause()) {
                var _ = each.getMessage();
                var _ = each.toString();
                var _ = each.getStackTrace().length;
            }
            return null;
        } catch (Throwable e) {
            return new UnprintableException(exception, e);
        }
    }
}
