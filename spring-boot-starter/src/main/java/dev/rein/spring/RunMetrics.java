package dev.rein.spring;

import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import dev.rein.runtime.Runs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Metrics of runs, model requests and tool calls, in all registries of the application. Thread-safe. */
final class RunMetrics implements RunListener, MeterBinder {
    private final Runs runs;
    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

    RunMetrics(Runs runs) {
        this.runs = runs;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        registries.add(registry);
        Gauge.builder("rein.runs.live", runs, each -> each.live().size())
                .description("Runs that have not ended, those that are part of others included")
                .register(registry);
        Gauge.builder("rein.threads.abandoned", runs, Runs::abandonedThreads)
                .description("Threads of tools that would not stop and still run")
                .register(registry);
        Gauge.builder("rein.writes.pending", runs, Runs::pendingWrites)
                .description("Ends of runs that are not in their store yet")
                .register(registry);
        FunctionCounter.builder("rein.writes.lost", runs, Runs::lostWrites)
                .description("Ends of runs that could not be stored and are lost")
                .register(registry);
    }

    @Override
    public void runEnded(RunInfo run, RunOutput output) {
        var cause = output.cause();
        var tags = Tags.of(
                "component", component(run),
                "kind", word(run.kind()),
                "root", String.valueOf(run.isRoot()),
                "status", word(output.status()),
                "cause", cause == null ? "none" : word(cause.kind()));
        time(
                "rein.run",
                "From the start of a run to its end",
                tags,
                output.metrics().duration());
        var stopTook = output.stopTook();
        if (stopTook != null) {
            time("rein.stop", "From the request to stop a run to its end", Tags.of("kind", word(run.kind())), stopTook);
        }
    }

    @Override
    public void modelRequestEnded(RunInfo run, ModelRequest request) {
        var model = Tags.of("model", request.model(), "provider", request.provider());
        var tags = model.and("outcome", word(request.outcome()));
        time("rein.model.request", "Requests to models", tags, request.took());
        time("rein.model.first.token", "To the first token of a response", model, request.timeToFirstToken());
        var usage = request.usage();
        if (usage != null) {
            count(model.and("type", "input"), usage.inputTokens());
            count(model.and("type", "output"), usage.outputTokens());
        }
    }

    @Override
    public void toolCallEnded(RunInfo run, ToolCall call) {
        time(
                "rein.tool.call",
                "Calls of tools",
                Tags.of("tool", call.toolName(), "outcome", word(call.outcome())),
                call.took());
    }

    /** Without a name its id is random. */
    private static String component(RunInfo run) {
        return run.componentName() == null ? "unnamed" : run.componentId();
    }

    private void time(String name, String description, Tags tags, @Nullable Duration took) {
        if (took != null) {
            for (var registry : registries) {
                Timer.builder(name)
                        .description(description)
                        .tags(tags)
                        .register(registry)
                        .record(took);
            }
        }
    }

    private void count(Tags tags, long tokens) {
        for (var registry : registries) {
            Counter.builder("rein.model.tokens")
                    .description("Tokens that providers have counted")
                    .baseUnit("tokens")
                    .tags(tags)
                    .register(registry)
                    .increment((double) tokens);
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
