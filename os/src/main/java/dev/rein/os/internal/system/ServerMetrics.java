package dev.rein.os.internal.system;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.CancelCause;
import dev.rein.os.ServerLimits;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.ComponentKind;
import dev.rein.run.LiveRun;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The server's Prometheus metrics: ended runs by outcome, duration of cancellations, and gauges of live runs and open
 * streams. Counts the root runs of the served components that it is notified of. Thread-safe.
 */
public final class ServerMetrics implements RunListener {
    /**
     * The histogram buckets of cancellations: milliseconds are expected; unresponsive code takes up to its grace period
     * of seconds.
     */
    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    /** The outcome of a run. */
    private record Outcome(ComponentKind kind, String status, String cause) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /**
     * Cached, because a lookup in the registry builds a key of strings, which is slow when thousands of runs end at
     * once.
     */
    private final Map<Outcome, Counter> runs = new ConcurrentHashMap<>();

    private final Map<ComponentKind, Timer> stops = new ConcurrentHashMap<>();
    private final Predicate<RunInfo> served;
    private final RecentMinutes minutes = new RecentMinutes(Clock.systemUTC());
    private final Runs live;
    private final IntSupplier streams;

    /**
     * @param live the runs to count
     * @param served whether a run is one of a component that this server serves
     * @param streams the number of open event streams
     */
    public ServerMetrics(Runs live, Predicate<RunInfo> served, IntSupplier streams) {
        this.served = served;
        this.live = live;
        this.streams = streams;
        for (var kind : ComponentKind.values()) {
            for (var status : new String[] {"completed", "cancelled", "error"}) {
                // Registered at zero, so that rates are right from the first run on.
                runs(new Outcome(kind, status, "none")).increment(0);
            }
            stops(kind);
            Gauge.builder("rein.runs.live", () -> live(live, kind))
                    .description("Runs of this process that have not ended, those that are part of others included")
                    .tag("component", word(kind))
                    .register(registry);
        }
        Gauge.builder("rein.streams.open", streams::getAsInt)
                .description("Event streams and runs followed by sockets that are open")
                .register(registry);
        Gauge.builder("rein.threads.abandoned", live::abandonedThreads)
                .description("Threads of tools that would not stop and still run")
                .register(registry);
        Gauge.builder("rein.ends.waiting", live::pendingWrites)
                .description("Ends of runs that are not in their store yet")
                .register(registry);
        FunctionCounter.builder("rein.ends.lost", live, Runs::lostWrites)
                .description("Ends of runs that could not be stored and are lost")
                .register(registry);
        Gauge.builder("rein.healthy", () -> live.healthy() ? 1 : 0)
                .description("Whether runs are taken as they should be")
                .register(registry);
    }

    private static long live(Runs runs, ComponentKind kind) {
        return runs.live().stream().map(LiveRun::source).filter(kind::equals).count();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private Counter runs(Outcome outcome) {
        return runs.computeIfAbsent(
                outcome,
                _ -> Counter.builder("rein.runs")
                        .description("Runs that have ended")
                        .tags(Tags.of(
                                "component", word(outcome.kind), "status", outcome.status, "cause", outcome.cause))
                        .register(registry));
    }

    private Timer stops(ComponentKind kind) {
        return stops.computeIfAbsent(
                kind,
                _ -> Timer.builder("rein.stop")
                        .description("From the request to stop a run to its end")
                        .tag("component", word(kind))
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry));
    }

    @Override
    public void runStarted(RunInfo run) {
        if (run.isRoot() && served.test(run)) {
            minutes.started();
        }
    }

    /** Records the end of a root run of a served component. */
    @Override
    public void runEnded(RunInfo run, RunOutput output) {
        if (!run.isRoot() || !served.test(run)) {
            return;
        }
        minutes.ended(output);
        var cause = output.cause();
        runs(new Outcome(run.kind(), word(output.status()), cause == null ? "none" : word(cause.kind())))
                .increment();
        var stopTook = output.stopTook();
        if (stopTook != null) {
            stops(run.kind()).record(stopTook);
        }
    }

    /** Records the end of a root run of a served component that this process has ended in place of a dead one. */
    @Override
    public void lostRunEnded(RunInfo run, RunStatus status, @Nullable CancelCause cause) {
        if (run.isRoot() && served.test(run)) {
            minutes.ended(status, 0, 0);
            runs(new Outcome(run.kind(), word(status), cause == null ? "none" : word(cause.kind())))
                    .increment();
        }
    }

    /** The metrics in the Prometheus text format. */
    String text() {
        return registry.scrape();
    }

    /** The load now and the counts of the last hour. */
    ObjectNode recent(ServerLimits limits) {
        var all = live.live();
        var json = WireJson.object();
        json.set("minutes", minutes.json());
        json.put("live_runs", all.size())
                .put("paused_runs", roots(all, RunStatus.PAUSED))
                .put("queued_runs", roots(all, RunStatus.PENDING))
                .put("open_streams", streams.getAsInt())
                .put("abandoned_threads", live.abandonedThreads())
                .put("pending_writes", live.pendingWrites())
                .put("healthy", live.healthy());
        json.putObject("limits")
                .put("background_runs", limits.backgroundRuns())
                .put("queued_runs", limits.queuedRuns())
                .put("streams", limits.streams())
                .put("connections", limits.connections())
                .put("body_bytes", limits.bodyBytes())
                .put("message_characters", limits.messageCharacters());
        return json;
    }

    private static long roots(List<LiveRun> all, RunStatus status) {
        return all.stream()
                .filter(run -> run.parentRunId() == null && run.status() == status)
                .count();
    }

    public void close() {
        registry.close();
    }
}
