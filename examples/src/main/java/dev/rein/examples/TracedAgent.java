package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.RunContext;
import dev.rein.telemetry.Telemetry;
import dev.rein.tool.Tool;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** Has the spans of a run printed; an application would send them to a collector. Asks no server. */
public final class TracedAgent {
    private TracedAgent() {}

    /** A tool of an order system. */
    public static final class OrderTools {
        @Tool("Looks up an order")
        public String order(String number, RunContext context) {
            return "order " + number + " was shipped";
        }
    }

    /** Prints each span when it ends: first those of the calls, then that of the run. */
    private static final class Printer implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            spans.forEach(span -> System.out.println("span " + span.getName() + ", "
                    + (span.getEndEpochNanos() - span.getStartEpochNanos()) / 1_000 + " us, below "
                    + (span.getParentSpanContext().isValid() ? span.getParentSpanId() : "nothing")));
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    public static void main(String... args) {
        var tracers = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new Printer()))
                .build();
        try (var sdk = OpenTelemetrySdk.builder().setTracerProvider(tracers).build()) {
            var agent = Telemetry.of(sdk)
                    .observe(Agent.builder())
                    .name("Help desk")
                    .model(ExampleModel.thatCalls("order", "{\"number\":\"A-17\"}"))
                    .tools(new OrderTools())
                    .build();
            System.out.println(Outcome.of(agent.run("Where is order A-17?")));
            agent.runs().close(); // waits until the spans of the run have ended
        }
    }
}
