package dev.rein.testkit;

import java.util.concurrent.ThreadLocalRandom;

/** Creates ids in the format of a provider. */
final class Ids {
    private Ids() {}

    static String fresh(String prefix) {
        var random = ThreadLocalRandom.current();
        return "%s%016x%08x".formatted(prefix, random.nextLong(), random.nextInt());
    }
}
