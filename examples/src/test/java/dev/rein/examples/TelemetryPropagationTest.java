package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.openai.OpenAIChat;
import dev.rein.os.AgentOS;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.telemetry.Telemetry;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Traces that continue in other systems, over real sockets, and the ids in the MDC. */
class TelemetryPropagationTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final Telemetry telemetry = Telemetry.of(OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exported))
                    .build())
            .build());

    private List<SpanData> named(String name) {
        return exported.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private SpanData span(String name) {
        var found = named(name);
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    @Test
    void requestToAModelCarriesTheSpanOfTheRequest() {
        try (var provider = FakeProvider.start().byDefault(Script.text("Hello"));
                var runs = Runs.create()) {
            telemetry.observe(runs);
            var model = OpenAIChat.builder()
                    .id("tiny")
                    .apiKey("key")
                    .baseUrl(provider.baseUrl())
                    .build();
            Agent.builder().name("Helper").runs(runs).model(model).build().run("Hi");

            var headers = provider.awaitRequest(1).request().headers();
            runs.close();
            var chat = span("chat tiny");
            assertThat(headers.get("traceparent"))
                    .singleElement()
                    .asString()
                    .matches("00-" + chat.getTraceId() + "-" + chat.getSpanId() + "-0[13]");
            assertThat(headers).doesNotContainKey("baggage");
        }
    }

    @Test
    void runThatARequestStartsIsBelowTheSpanOfTheRequest() throws Exception {
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            var agent = Agent.builder()
                    .name("Helper")
                    .runs(runs)
                    .model(ScriptedModel.of("Hello."))
                    .build();
            try (var os = AgentOS.builder()
                            .agents(agent)
                            .runs(runs)
                            .port(0)
                            .build()
                            .start();
                    var http = HttpClient.newHttpClient()) {
                run(http, os.url(), "00-" + TRACE + "-" + PARENT + "-01");
                run(http, os.url(), "nonsense");
            }
        }
        var spans = named("invoke_agent Helper");
        assertThat(spans).hasSize(2);
        assertThat(spans.getFirst().getTraceId()).isEqualTo(TRACE);
        assertThat(spans.getFirst().getParentSpanId()).isEqualTo(PARENT);
        assertThat(spans.getLast().getTraceId()).isNotEqualTo(TRACE);
        assertThat(spans.getLast().getParentSpanContext().isValid()).isFalse();
    }

    private static void run(HttpClient http, String url, String traceparent) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/agents/helper/runs"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("traceparent", traceparent)
                .POST(HttpRequest.BodyPublishers.ofString("message=hi&stream=false"))
                .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    static final class Tools {
        private final Map<String, String> seen = new ConcurrentHashMap<>();

        @Tool("Looks at the MDC")
        public String look() {
            seen.putAll(Objects.requireNonNull(MDC.getCopyOfContextMap()));
            return "done";
        }
    }

    @Test
    void logLinesOfACallHaveTheIdsOfItsRunAndTrace() {
        var tools = new Tools();
        var model = ScriptedModel.create().toolCall("look", "{}").answer("Done.");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            var output = Agent.builder()
                    .name("Helper")
                    .runs(runs)
                    .model(model)
                    .tools(tools)
                    .build()
                    .run("Hi", RunOptions.defaults().sessionId("s1"));
            assertThat(tools.seen).containsEntry("run_id", output.runId()).containsEntry("session_id", "s1");
        }
        assertThat(tools.seen)
                .containsEntry("trace_id", span("execute_tool look").getTraceId());
        assertThat(MDC.get("run_id")).isNull();
    }
}
