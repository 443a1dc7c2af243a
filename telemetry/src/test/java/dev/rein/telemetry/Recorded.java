package dev.rein.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An SDK in memory, and what it has received. */
final class Recorded implements AutoCloseable {
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .build();

    Tracer tracer() {
        return sdk.getTracer("test");
    }

    List<SpanData> spans() {
        return spans.getFinishedSpanItems();
    }

    List<SpanData> named(String name) {
        return spans().stream().filter(span -> span.getName().equals(name)).toList();
    }

    SpanData span(String name) {
        var found = named(name);
        assertThat(found).as("%s among %s", name, names()).hasSize(1);
        return found.getFirst();
    }

    List<String> names() {
        return spans().stream().map(SpanData::getName).toList();
    }

    /** The names from a span up to its root. */
    String path(SpanData span) {
        var parents = spans().stream().collect(Collectors.toMap(SpanData::getSpanId, Function.identity()));
        var path = new StringBuilder(span.getName());
        for (var at = parents.get(span.getParentSpanId()); at != null; at = parents.get(at.getParentSpanId())) {
            assertThat(at.getTraceId()).isEqualTo(span.getTraceId());
            path.append(" < ").append(at.getName());
        }
        return path.toString();
    }

    String path(String name) {
        return path(span(name));
    }

    Map<String, List<HistogramPointData>> histograms() {
        return metrics.collectAllMetrics().stream()
                .collect(Collectors.toMap(
                        MetricData::getName,
                        each -> List.copyOf(each.getHistogramData().getPoints())));
    }

    @Override
    public void close() {
        sdk.close();
    }
}
