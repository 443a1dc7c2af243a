package dev.rein.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.internal.cache.ResultCache;
import java.time.Duration;
import java.util.Objects;

/**
 * Whether and how long the results of a tool are kept, so that a call with equal arguments gets the earlier result without calling the tool.
 * Results of calls that failed, timed out or were stopped are not kept.
 *
 * <p>A cache is that of one run, or shared by all runs that use the tool. A result that depends on more than the arguments, such as the user,
 * must not be shared. Thread-safe.
 */
public final class ToolCache {
    private static final int MAX_ENTRIES_OF_RUN = 1_000;

    private final Duration ttl;
    private final int maxEntries;
    private final boolean shared;
    private final ResultCache<Key> entries;

    /**
     * What a result belongs to.
     *
     * @param tool the name of the tool
     * @param arguments as the tool gets them
     * @param limit how many characters of the result are read at most
     */
    public record Key(String tool, ObjectNode arguments, int limit) {}

    private ToolCache(Duration ttl, int maxEntries, boolean shared) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException(
                    "the time to live of cached results is " + ttl + ": it must be positive");
        }
        if (maxEntries < 1) {
            throw new IllegalArgumentException("a cache of " + maxEntries + " results: give at least 1");
        }
        this.ttl = ttl;
        this.maxEntries = maxEntries;
        this.shared = shared;
        this.entries = new ResultCache<>(ttl, maxEntries);
    }

    /** Keeps results within a run, at most 1,000 and 16 Mi characters, including arguments. */
    public static ToolCache perRun(Duration ttl) {
        return new ToolCache(Objects.requireNonNull(ttl, "ttl"), MAX_ENTRIES_OF_RUN, false);
    }

    /**
     * Keeps results for all runs in this process that use the tool. 16 Mi characters at most are kept, including arguments.
     *
     * @param maxEntries how many results are kept; the one that was not used for the longest time is dropped first
     */
    public static ToolCache shared(Duration ttl, int maxEntries) {
        return new ToolCache(Objects.requireNonNull(ttl, "ttl"), maxEntries, true);
    }

    /** How long a result is kept. */
    public Duration ttl() {
        return ttl;
    }

    /** Whether the results are those of all runs. */
    public boolean isShared() {
        return shared;
    }

    /** The cache for a run that begins: this one if it is shared, otherwise an empty one. */
    public ToolCache forRun() {
        return shared ? this : new ToolCache(ttl, maxEntries, false);
    }

    /** The results. For Rein. */
    public ResultCache<Key> entries() {
        return entries;
    }
}
