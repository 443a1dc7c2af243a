package dev.rein.os.internal.system;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Counts runs by minute, for the last hour. Thread-safe. */
final class RecentMinutes {
    static final int MINUTES = 60;

    private static final double NANOS = 1e9;

    /** The counts of one minute. */
    private static final class Bucket {
        long minute = -1;
        int started;
        int completed;
        int cancelled;
        int failed;
        long tokens;
        long slowestStop;
    }

    private final Clock clock;
    private final Bucket[] buckets = new Bucket[MINUTES];

    RecentMinutes(Clock clock) {
        this.clock = clock;
        for (var i = 0; i < MINUTES; i++) {
            buckets[i] = new Bucket();
        }
    }

    private long minute() {
        return clock.millis() / 60_000;
    }

    /** The bucket of the current minute. Called under the lock. */
    private Bucket now() {
        var minute = minute();
        var at = (int) (minute % MINUTES);
        if (buckets[at].minute != minute) {
            buckets[at] = new Bucket();
            buckets[at].minute = minute;
        }
        return buckets[at];
    }

    synchronized void started() {
        now().started++;
    }

    void ended(RunOutput output) {
        var stop = output.stopTook();
        ended(output.status(), output.metrics().totalUsage().totalTokens(), stop == null ? 0 : stop.toNanos());
    }

    synchronized void ended(RunStatus status, long tokens, long stopNanos) {
        var bucket = now();
        switch (status) {
            case COMPLETED -> bucket.completed++;
            case CANCELLED -> bucket.cancelled++;
            default -> bucket.failed++;
        }
        bucket.tokens += tokens;
        bucket.slowestStop = Math.max(bucket.slowestStop, stopNanos);
    }

    /** The last 60 minutes, oldest first; the last one is the current minute. */
    synchronized ArrayNode json() {
        var all = WireJson.array();
        var last = minute();
        for (var minute = last - MINUTES + 1; minute <= last; minute++) {
            var bucket = of(minute);
            var json = all.addObject()
                    .put(
                            "at",
                            Instant.ofEpochSecond(minute * 60)
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString())
                    .put("started", bucket == null ? 0 : bucket.started)
                    .put("completed", bucket == null ? 0 : bucket.completed)
                    .put("cancelled", bucket == null ? 0 : bucket.cancelled)
                    .put("failed", bucket == null ? 0 : bucket.failed)
                    .put("tokens", bucket == null ? 0 : bucket.tokens);
            if (bucket != null && bucket.slowestStop > 0) {
                json.put("slowest_stop_seconds", bucket.slowestStop / NANOS);
            }
        }
        return all;
    }

    private @Nullable Bucket of(long minute) {
        var bucket = buckets[(int) Math.floorMod(minute, (long) MINUTES)];
        return bucket.minute == minute ? bucket : null;
    }
}
