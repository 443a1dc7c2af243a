package dev.rein.testkit;

import java.util.concurrent.ThreadLocalRandom;

/** Ids as a provider makes them. */
final class Ids {
    private Ids() {}

    static String fresh(String prefix) {
        var random = ThreadLocalRandom.current();
        return "%s%016x%08x".formatted(prefix, random.nextLong(), random.nextInt());
    }
}
