package dev.rein.bench.walk;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Values and exceptions that misbehave. */
final class Hostile {
    private Hostile() {}

    /** A value without a text. */
    static final class WithoutText {
        @Override
        @SuppressWarnings({"NullAway", "ToStringReturnsNull"}) // What is wrong with it.
        public String toString() {
            return null;
        }
    }

    /** An exception whose message can't be had. */
    static final class BrokenMessageException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean fatal;

        BrokenMessageException(boolean fatal) {
            this.fatal = fatal;
        }

        @Override
        public String getMessage() {
            if (fatal) {
                throw new UserError("the message is an error");
            }
            throw new IllegalStateException("the message is an exception");
        }
    }

    /** An Error that user code throws. */
    static final class UserError extends Error {
        private static final long serialVersionUID = 1L;

        UserError(String message) {
            super(message);
        }
    }

    /** A checked exception that user code throws. */
    static final class UserException extends Exception {
        private static final long serialVersionUID = 1L;

        UserException(String message) {
            super(message);
        }
    }

    /** A map that takes a while to be read. */
    static Map<String, Object> slow(int millis) {
        return new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                Naps.deaf(millis);
                return Set.of(Map.entry("slow", millis));
            }
        };
    }

    /** A map that can't be read. */
    static Map<String, Object> broken() {
        return new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                throw new IllegalStateException("the map is broken");
            }
        };
    }

    /** A map whose lock another thread holds for a while, from before this returns. */
    static Map<String, Object> locked(int millis) throws InterruptedException {
        Map<String, Object> map = Collections.synchronizedMap(new HashMap<>(Map.of("locked", millis)));
        var held = new CountDownLatch(1);
        Thread.ofVirtual().name("walk-lock-holder").start(() -> {
            synchronized (map) {
                held.countDown();
                Naps.deaf(millis);
            }
        });
        held.await();
        return map;
    }
}
