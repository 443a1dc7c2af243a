package dev.rein.telemetry;

import static dev.rein.telemetry.Conventions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunContext;
import dev.rein.runtime.Runs;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The metrics, a stop in a tool, and what happens without an SDK. Closing the runs waits for their listeners. */
public class MetricsTest {
    private final Recorded recorded = new Recorded();

    public static final class Tools {
        private final CountDownLatch entered = new CountDownLatch(1);

        @Tool("Waits")
        public String slow() throws InterruptedException {
            entered.countDown();
            new CountDownLatch(1).await();
            return "never";
        }

        @Tool("Adds")
        public String quick(RunContext context) {
            return Objects.requireNonNull(context.toolCallId());
        }
    }

    @Test
    void requestsToolsAndRunsAreMeasured() {
        var model =
                ScriptedModel.create().toolCall("quick", "{}").answer("Done.").id("gpt");
        try (var runs = Runs.create()) {
            Telemetry.of(recorded.sdk).observe(runs);
            agent(runs, model, new Tools()).run("Hi");
        }
        var all = recorded.histograms();
        assertThat(all).doesNotContainKey(STOP_DURATION);
        var requests = all.get(OPERATION_DURATION).getFirst();
        assertThat(requests.getCount()).isEqualTo(2);
        assertThat(requests.getAttributes().get(REQUEST_MODEL)).isEqualTo("gpt");
        assertThat(requests.getAttributes().get(ERROR_TYPE)).isNull();
        assertThat(all.get(FIRST_CHUNK).getFirst().getCount()).isEqualTo(2);
        assertThat(all.get(TOKEN_USAGE))
                .extracting(point -> point.getAttributes().get(TOKEN_TYPE))
                .containsExactlyInAnyOrder("input", "output");
        assertThat(all.get(TOOL_DURATION).getFirst().getAttributes().get(TOOL_NAME))
                .isEqualTo("quick");
        var run = all.get(RUN_DURATION).getFirst();
        assertThat(run.getCount()).isOne();
        assertThat(run.getAttributes().get(RUN_STATUS)).isEqualTo("COMPLETED");
        assertThat(run.getAttributes().get(COMPONENT_ID)).isEqualTo("helper");
        assertThat(run.getAttributes().get(RUN_ID)).isNull();
    }

    @Test
    void stopInAToolIsMeasuredAndNoError() throws Exception {
        var tools = new Tools();
        var model = ScriptedModel.create().toolCall("slow", "{}").id("gpt");
        try (var runs = Runs.create()) {
            Telemetry.of(recorded.sdk).observe(runs);
            var handle = agent(runs, model, tools).start("Hi");
            tools.entered.await();
            handle.cancel(CancelRequest.now());
            handle.await();
        }
        var tool = recorded.span("execute_tool slow");
        assertThat(tool.getStatus()).isEqualTo(StatusData.unset());
        assertThat(tool.getAttributes().get(CALL_OUTCOME)).isEqualTo("CANCELLED");
        assertThat(tool.getAttributes().get(ERROR_TYPE)).isNull();
        assertThat(recorded.path(tool)).isEqualTo("execute_tool slow < invoke_agent Helper");
        var stop = recorded.histograms().get(STOP_DURATION).getFirst();
        assertThat(stop.getCount()).isOne();
        assertThat(stop.getAttributes().get(CANCEL_KIND)).isEqualTo("USER");
        assertThat(stop.getAttributes().get(RUN_STATUS)).isEqualTo("CANCELLED");
    }

    @Test
    void withoutAnSdkNothingIsObserved() {
        for (var none : new OpenTelemetry[] {OpenTelemetry.noop(), GlobalOpenTelemetry.get()}) {
            var telemetry = Telemetry.of(none);
            try (var runs = Runs.create()) {
                telemetry.observe(runs);
                var output =
                        agent(runs, ScriptedModel.of("Hello."), new Tools()).run("Hi");
                assertThat(output.isCompleted()).isTrue();
            }
            assertThat(telemetry.isIdle()).isTrue();
        }
    }

    @Test
    void refusedRunsLeaveNothingBehind() {
        var telemetry = Telemetry.of(recorded.sdk);
        var runs = Runs.create();
        telemetry.observe(runs);
        var agent = agent(runs, ScriptedModel.of("Hello."), new Tools());
        runs.close();
        for (int n = 0; n < 20_000; n++) {
            if (n % 5_000 == 0) {
                System.gc();
            }
            assertThatThrownBy(() -> agent.run("Hi")).isInstanceOf(RuntimeException.class);
        }
        assertThat(telemetry.liveRuns()).isLessThan(15_000);
        assertThat(recorded.spans()).isEmpty();
    }

    @Test
    void impossibleArgumentsAreRefused() {
        assertThatThrownBy(() -> Telemetry.builder(recorded.sdk).maxContent(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    private static Agent agent(Runs runs, ScriptedModel model, Tools tools) {
        return Agent.builder()
                .name("Helper")
                .runs(runs)
                .model(model)
                .tools(tools)
                .build();
    }
}
