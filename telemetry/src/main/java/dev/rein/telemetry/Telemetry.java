package dev.rein.telemetry;

import dev.rein.run.CallInterceptor;
import dev.rein.run.RunListener;
import dev.rein.runtime.ComponentBuilder;
import dev.rein.runtime.Runs;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Spans and metrics of runs with OpenTelemetry:
 *
 * {@snippet :
 * var telemetry = Telemetry.of(GlobalOpenTelemetry.get());
 * telemetry.observe(Runs.shared());
 * }
 *
 * <p>Each run, model request and tool call has a span, as have the functions of steps, hooks and guardrails. The span of a call is
 * current on the thread that makes the call. A root run's span is below the span that is current on the thread that starts it.
 *
 * <p>A run that was stopped is not an error: the status of its span is unset, and its attributes tell why it was stopped. The content
 * of runs is recorded only when {@link Builder#content(boolean)} is set. Without an OpenTelemetry SDK nothing is done. Thread-safe.
 */
public final class Telemetry {
    private static final int MAX_CONTENT = 1_000_000;

    private final @Nullable RunTracing tracing;
    private final List<RunListener> listeners;

    private Telemetry(Builder from) {
        var tracers = from.openTelemetry.getTracerProvider();
        var meters = from.openTelemetry.getMeterProvider();
        var all = new ArrayList<RunListener>();
        if (isNoop(tracers)) {
            tracing = null;
        } else {
            tracing = new RunTracing(tracers.get(Conventions.SCOPE));
            all.add(new TraceListener(tracing.spans(), from.content ? from.maxContent : 0));
        }
        if (!isNoop(meters)) {
            all.add(new Metrics(meters.get(Conventions.SCOPE)));
        }
        listeners = List.copyOf(all);
    }

    @SuppressWarnings("ReferenceEquality") // There is one that does nothing.
    private static boolean isNoop(TracerProvider tracers) {
        return tracers == TracerProvider.noop();
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isNoop(MeterProvider meters) {
        return meters == MeterProvider.noop();
    }

    /** Spans and metrics without content. */
    public static Telemetry of(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /** @param openTelemetry where the spans and metrics go; the application configures and closes it */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(Objects.requireNonNull(
                openTelemetry, "the OpenTelemetry is null: pass one, such as GlobalOpenTelemetry.get()"));
    }

    /**
     * Observes all runs that start from now on.
     *
     * @return the registration; when it is closed, runs that start afterwards are not observed. Those that have started still are
     */
    public Runs.Registration observe(Runs runs) {
        Objects.requireNonNull(runs, "the runs are null: pass some, such as Runs.shared()");
        var registrations = new ArrayList<Runs.Registration>();
        for (var listener : listeners) {
            registrations.add(runs.addListener(listener));
        }
        if (tracing != null) {
            registrations.add(runs.addInterceptor(tracing));
        }
        // The listeners last: a run with spans needs the one that ends them.
        return () -> registrations.reversed().forEach(Runs.Registration::close);
    }

    /**
     * Observes the runs of one component and all runs below them. A component whose {@link Runs} are observed too is observed once.
     *
     * @return the same builder
     */
    public <B extends ComponentBuilder<B>> B observe(B builder) {
        Objects.requireNonNull(builder, "the builder is null: pass that of an agent, a team or a workflow");
        listeners.forEach(builder::listener);
        CallInterceptor interceptor = tracing;
        if (interceptor != null) {
            builder.interceptor(interceptor);
        }
        return builder;
    }

    /** The number of runs whose state is held. */
    int liveRuns() {
        return tracing == null ? 0 : tracing.spans().size();
    }

    /** Whether it registers nothing, because there is no SDK. */
    boolean isIdle() {
        return listeners.isEmpty() && tracing == null;
    }

    /** Builds a {@link Telemetry}. Not thread-safe. */
    public static final class Builder {
        private final OpenTelemetry openTelemetry;
        private boolean content;
        private int maxContent = 10_000;

        private Builder(OpenTelemetry openTelemetry) {
            this.openTelemetry = openTelemetry;
        }

        /**
         * Whether the spans of runs have the input, the messages and the tool calls of the run, as the guardrails have let them
         * pass, and failed spans the messages of the failures. Off by default, because these may be confidential.
         */
        public Builder content(boolean value) {
            content = value;
            return this;
        }

        /**
         * The maximum length of the content in one attribute, in characters; 10,000 by default. Longer texts are cut.
         *
         * @throws IllegalArgumentException if it is not in 1 to 1,000,000
         */
        public Builder maxContent(int value) {
            if (value < 1 || value > MAX_CONTENT) {
                throw new IllegalArgumentException(
                        "the maximum length of content is " + value + ": choose one of 1 to " + MAX_CONTENT);
            }
            maxContent = value;
            return this;
        }

        public Telemetry build() {
            return new Telemetry(this);
        }
    }
}
