package dev.rein.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.StepOutput;
import dev.rein.runtime.Runs;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.junit.jupiter.api.Test;

/** A processor of spans that throws costs a run nothing but its spans. */
class BrokenSdkTest {

    @Test
    void runCompletesIfSpansCannotBeStarted() {
        assertThatARunCompletes(new Broken(true));
    }

    @Test
    void runCompletesIfSpansCannotBeEnded() {
        assertThatARunCompletes(new Broken(false));
    }

    private static void assertThatARunCompletes(Broken broken) {
        var sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(
                        SdkTracerProvider.builder().addSpanProcessor(broken).build())
                .build();
        var telemetry = Telemetry.of(sdk);
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            var output = Workflow.builder()
                    .name("Flow")
                    .runs(runs)
                    .steps(Step.of("count", input -> StepOutput.of("1")))
                    .build()
                    .run("Go");
            assertThat(output.isCompleted()).as(output.toString()).isTrue();
        }
        assertThat(broken.thrown).isTrue();
        assertThat(telemetry.liveRuns()).isZero();
    }

    private static final class Broken implements SpanProcessor {
        private final boolean atStart;
        private volatile boolean thrown;

        Broken(boolean atStart) {
            this.atStart = atStart;
        }

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            fail(atStart);
        }

        @Override
        public void onEnd(ReadableSpan span) {
            fail(!atStart);
        }

        private void fail(boolean now) {
            if (now) {
                thrown = true;
                throw new IllegalStateException("broken");
            }
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
