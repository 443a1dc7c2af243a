package dev.rein.internal.cache;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Texts by their keys, for a while: at most so many, and 16 Mi characters in all, of which the one that was not used for the longest time
 * is dropped first. Thread-safe.
 *
 * @param <K> the type of the keys, whose {@code equals} and {@code hashCode} are not the user's: they are called under a lock
 */
public final class ResultCache<K> {
    private static final long MAX_CHARACTERS = 16 << 20;

    private final long ttlNanos;
    private final int maxEntries;
    private final LongSupplier nanoTime;
    private final Map<K, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long characters;

    private record Entry(String text, int keyLength, boolean complete, long storedAt) {
        long length() {
            return (long) text.length() + keyLength;
        }
    }

    /**
     * A text that was found.
     *
     * @param complete whether it is all of the result
     */
    public record Found(String text, boolean complete) {}

    /** @param ttl how long a text is kept */
    public ResultCache(Duration ttl, int maxEntries) {
        this(ttl, maxEntries, System::nanoTime);
    }

    ResultCache(Duration ttl, int maxEntries, LongSupplier nanoTime) {
        this.ttlNanos = ttl.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? ttl.toNanos() : Long.MAX_VALUE;
        this.maxEntries = maxEntries;
        this.nanoTime = nanoTime;
    }

    /** The text of a key; null if there is none, or it is too old. */
    public synchronized @Nullable Found get(K key) {
        var entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (nanoTime.getAsLong() - entry.storedAt() >= ttlNanos) {
            forget(key);
            return null;
        }
        return new Found(entry.text(), entry.complete());
    }

    /**
     * Keeps a text, unless it is too large.
     *
     * @param keyLength the size of the key, in characters
     */
    public synchronized void put(K key, int keyLength, String text, boolean complete) {
        forget(key);
        var entry = new Entry(text, keyLength, complete, nanoTime.getAsLong());
        if (entry.length() > MAX_CHARACTERS) {
            return;
        }
        entries.put(key, entry);
        characters += entry.length();
        for (var all = entries.values().iterator(); entries.size() > maxEntries || characters > MAX_CHARACTERS; ) {
            characters -= all.next().length();
            all.remove();
        }
    }

    private void forget(K key) {
        var entry = entries.remove(key);
        characters -= entry == null ? 0 : entry.length();
    }
}
