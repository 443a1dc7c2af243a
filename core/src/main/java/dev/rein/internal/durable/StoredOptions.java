package dev.rein.internal.durable;

import dev.rein.model.ModelSettings;
import dev.rein.queue.Checkpoints;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.session.EventPolicy;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of a durable run as JSON values, for the process that executes it. The names are names in stored JSON. */
public final class StoredOptions {
    private StoredOptions() {}

    /** @throws IllegalArgumentException if they have something that can't be stored */
    static Map<String, Object> of(RunOptions options, Checkpoints checkpoints) {
        var model = options.modelOptions();
        if (model.model() != null
                || !model.tools().isEmpty()
                || !model.settings().equals(ModelSettings.DEFAULTS)) {
            throw new IllegalArgumentException(
                    "the options of the durable run have a model, settings or tools of their own, which can't be stored:"
                            + " give them to the component that executes it");
        }
        if (!options.dependencies().isEmpty() || model.addDependencies()) {
            throw new IllegalArgumentException("the options of the durable run have dependencies "
                    + options.dependencies().keySet()
                    + ", which can't be stored: give the component that executes it what it needs, or use metadata");
        }
        var all = new HashMap<String, Object>();
        all.put("checkpoints", checkpoints.name());
        all.put("sessionState", options.sessionState());
        all.put("instructions", model.instructions());
        all.put("limits", limits(options.limits()));
        put(
                all,
                "storeEvents",
                options.storeEvents() == null ? null : options.storeEvents().name());
        put(all, "follows", options.follows());
        return all;
    }

    private static Map<String, Object> limits(Limits limits) {
        var all = new HashMap<String, Object>();
        put(all, "deadline", text(limits.deadline()));
        put(all, "firstToken", text(limits.firstToken()));
        put(all, "idle", text(limits.idle()));
        put(all, "tool", text(limits.tool()));
        put(all, "pause", text(limits.pause()));
        put(all, "tokens", limits.tokens());
        put(all, "toolCalls", limits.toolCalls());
        put(all, "cost", limits.cost());
        if (limits.queue() != null) {
            throw new IllegalArgumentException("the limits of the durable run have queue " + limits.queue()
                    + ", and a durable run may wait in its queue for as long as it takes: leave it out");
        }
        return all;
    }

    private static @Nullable String text(@Nullable Duration value) {
        return value == null ? null : value.toString();
    }

    private static void put(Map<String, Object> all, String key, @Nullable Object value) {
        if (value != null) {
            all.put(key, value);
        }
    }

    /**
     * The options of a run that was claimed.
     *
     * @param stored what {@link #of} has returned
     */
    public static RunOptions restored(StoredRun row, Map<String, Object> stored) {
        var options = RunOptions.defaults()
                .runId(row.runId())
                .sessionId(row.sessionId())
                .userId(row.userId())
                .metadata(row.metadata())
                .sessionState(map(stored.get("sessionState")))
                .limits(restoredLimits(map(stored.get("limits"))));
        if (stored.get("instructions") instanceof List<?> instructions && !instructions.isEmpty()) {
            options = options.instructions(
                    instructions.stream().map(String::valueOf).toArray(String[]::new));
        }
        if (stored.get("storeEvents") instanceof String policy) {
            options = options.storeEvents(EventPolicy.valueOf(policy));
        }
        return stored.get("follows") instanceof String follows ? options.follows(follows) : options;
    }

    private static Limits restoredLimits(Map<String, Object> stored) {
        return new Limits(
                duration(stored.get("deadline")),
                duration(stored.get("firstToken")),
                duration(stored.get("idle")),
                duration(stored.get("tool")),
                null,
                duration(stored.get("pause")),
                stored.get("tokens") instanceof Number tokens ? tokens.longValue() : null,
                stored.get("toolCalls") instanceof Number calls ? calls.intValue() : null,
                stored.get("cost") instanceof Number cost ? cost.doubleValue() : null);
    }

    private static @Nullable Duration duration(@Nullable Object text) {
        return text instanceof String value ? Duration.parse(value) : null;
    }

    @SuppressWarnings("unchecked") // JSON objects are maps with strings for keys
    private static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
