package dev.rein.print;

import dev.rein.run.event.HookEvent;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.Paused;
import dev.rein.run.event.PostHookStarted;
import dev.rein.run.event.PreHookStarted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallStarted;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/** What the runs of a tree do now, and since when. */
final class Activities {
    private static final int COLUMNS = 60;

    /** @param since by {@link System#nanoTime} */
    private record Activity(String words, long since) {}

    private final long startedAt;
    private final SequencedMap<String, Activity> current = new LinkedHashMap<>();

    Activities(long now) {
        startedAt = now;
    }

    void add(RunEvent event, String name, long now) {
        var run = event.runId();
        switch (event) {
            case ModelRequestStarted e -> begin(run, name + "waiting for " + e.model(), now);
            case ModelRequestFailed e -> begin(run, name + "waiting to ask " + e.next(), now);
            case RunContent e -> begin(run, name + (e.content().isEmpty() ? "thinking" : "writing"), now);
            case ModelRequestCompleted _ -> current.remove(run);
            case ToolCallStarted e -> begin(key(run, e.tool().toolCallId()), name + Words.call(e.tool(), COLUMNS), now);
            case ToolCallCompleted e -> current.remove(key(run, e.tool().toolCallId()));
            case PreHookStarted e -> begin(key(run, e.hook()), name + "hook " + e.hook(), now);
            case PostHookStarted e -> begin(key(run, e.hook()), name + "hook " + e.hook(), now);
            case HookEvent e -> current.remove(key(run, e.hook()));
            case StepStarted e ->
                begin(key(run, e.step().stepId()), "step " + e.step().stepName(), now);
            case StepCompleted e -> current.remove(key(run, e.step().stepId()));
            case StepError e -> current.remove(key(run, e.step().stepId()));
            case Terminal _ -> current.keySet().removeIf(key -> key.startsWith(run));
            case Paused _ -> current.keySet().removeIf(key -> key.startsWith(run));
            default -> {}
        }
    }

    private static String key(String run, String part) {
        return run + " " + part;
    }

    private void begin(String key, String words, long now) {
        var before = current.get(key);
        if (before == null || !before.words.equals(words)) {
            // The latest one is shown.
            current.remove(key);
            current.put(key, new Activity(words, now));
        }
    }

    /** A line such as {@code | writing, 2.1 s (12.3 s in all)}. */
    String describe(Symbols symbols, long now) {
        var frames = symbols.frames();
        var frame =
                frames.charAt(Math.floorMod(Duration.ofNanos(now - startedAt).toMillis() / 120, frames.length()));
        var all = seconds(now - startedAt);
        if (current.isEmpty()) {
            return frame + " working" + symbols.separator() + all;
        }
        var latest = current.sequencedValues().getLast();
        var took = seconds(now - latest.since);
        return frame + " " + latest.words + symbols.separator() + took
                + (took.equals(all) ? "" : symbols.separator() + all + " in all");
    }

    private static String seconds(long nanos) {
        return nanos < Duration.ofMinutes(1).toNanos()
                ? String.format(Locale.ROOT, "%.1f s", nanos / 1e9)
                : Words.took(Duration.ofNanos(nanos));
    }
}
