package dev.rein.internal;

import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** How ids are made. */
public final class Ids {
    private Ids() {}

    /** A fresh id for a run: hard to guess. */
    public static String ofRun() {
        return UUID.randomUUID().toString();
    }

    /** The name in lower case, spaces and underscores as dashes; without a name a UUID, which need not be hard to guess. */
    public static String ofComponent(@Nullable String name) {
        if (name != null) {
            return name.strip().toLowerCase(Locale.ROOT).replace(' ', '-').replace('_', '-');
        }
        var random = ThreadLocalRandom.current();
        var high = (random.nextLong() & ~0xF000L) | 0x4000L;
        var low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
