package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.FinishReason;
import dev.rein.model.Model;
import dev.rein.model.Usage;
import dev.rein.run.RunMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and metrics in the wire format. */
final class WireValues {
    private static final double NANOS = 1e9;
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    private WireValues() {}

    /** The time format of events and runs. */
    static long epoch(Instant time) {
        return time.getEpochSecond();
    }

    /** The time format of tool calls. */
    static double fraction(Instant time) {
        return time.getEpochSecond() + time.getNano() / NANOS;
    }

    /** The time format of sessions and lists. */
    static String iso(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The time format of Rein's extensions, where seconds are too coarse. */
    static String isoMillis(Instant time) {
        return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.MILLIS));
    }

    /** The time format of requirements. */
    static String isoOffset(Instant time) {
        return OFFSET.format(time.atOffset(ZoneOffset.UTC));
    }

    static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / NANOS;
    }

    /** Puts a text unless it is null. */
    static void put(ObjectNode node, String key, @Nullable String value) {
        if (value != null) {
            node.put(key, value);
        }
    }

    /**
     * Puts the reason why a response ended if it was cut off, so that the text is incomplete; an extension of Rein.
     *
     * @param reason null if it is unknown
     */
    static void putFinishReason(ObjectNode node, @Nullable FinishReason reason) {
        if (reason != null && reason.isCutOff()) {
            node.put("finish_reason", reason.name().toLowerCase(Locale.ROOT));
        }
    }

    /** RunMetrics, without zero and unknown values. */
    static ObjectNode metrics(@Nullable RunMetrics metrics, @Nullable Model model) {
        var node = WireJson.object();
        if (metrics == null) {
            return node;
        }
        tokens(node, metrics.usage());
        if (metrics.cost() != null) {
            node.put("cost", metrics.cost());
        }
        if (metrics.timeToFirstToken() != null) {
            node.put("time_to_first_token", seconds(metrics.timeToFirstToken()));
        }
        if (!metrics.duration().isZero()) {
            node.put("duration", seconds(metrics.duration()));
        }
        details(node, metrics.usage(), model);
        return node;
    }

    /** The metrics of several runs, without times. */
    static ObjectNode metrics(Usage usage, @Nullable Model model) {
        var node = WireJson.object();
        tokens(node, usage);
        details(node, usage, model);
        return node;
    }

    private static void details(ObjectNode node, Usage usage, @Nullable Model model) {
        if (model != null && usage.totalTokens() > 0) {
            var used = node.putObject("details").putArray("model").addObject();
            tokens(used, usage);
            used.put("id", model.id()).put("provider", model.provider());
        }
    }

    private static void tokens(ObjectNode node, Usage usage) {
        put(node, "input_tokens", usage.inputTokens());
        put(node, "output_tokens", usage.outputTokens());
        put(node, "total_tokens", usage.totalTokens());
        put(node, "cache_read_tokens", usage.cacheReadTokens());
        put(node, "reasoning_tokens", usage.reasoningTokens());
    }

    private static void put(ObjectNode node, String key, long tokens) {
        if (tokens != 0) {
            node.put(key, tokens);
        }
    }
}
