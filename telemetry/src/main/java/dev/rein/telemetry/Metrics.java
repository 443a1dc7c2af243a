package dev.rein.telemetry;

import static dev.rein.telemetry.Conventions.*;

import dev.rein.run.RunFailure;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records the metrics. Ids of runs, sessions and users, and reasons, are no attributes: there are too many of them. Thread-safe. */
final class Metrics implements RunListener {
    private final DoubleHistogram requests;
    private final DoubleHistogram firstChunks;
    private final LongHistogram tokens;
    private final DoubleHistogram tools;
    private final DoubleHistogram runs;
    private final DoubleHistogram stops;

    Metrics(Meter meter) {
        requests = seconds(meter, OPERATION_DURATION, "Duration of requests to models.", SECONDS);
        firstChunks =
                seconds(meter, FIRST_CHUNK, "Time from a request to the first part of the model's response.", SECONDS);
        tokens = meter.histogramBuilder(TOKEN_USAGE)
                .ofLongs()
                .setUnit("{token}")
                .setDescription("Tokens of a request to a model.")
                .setExplicitBucketBoundariesAdvice(TOKENS)
                .build();
        tools = seconds(meter, TOOL_DURATION, "Duration of tool calls.", SECONDS);
        runs = seconds(meter, RUN_DURATION, "Duration of runs.", SECONDS);
        stops = seconds(meter, STOP_DURATION, "Time from the request to stop a run to its end.", STOP_SECONDS);
    }

    private static DoubleHistogram seconds(Meter meter, String name, String description, List<Double> boundaries) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(boundaries)
                .build();
    }

    @Override
    public void modelRequestEnded(RunInfo run, ModelRequest request) {
        var model = Attributes.builder()
                .put(OPERATION_NAME, CHAT)
                .put(PROVIDER_NAME, request.provider())
                .put(REQUEST_MODEL, request.model())
                .build();
        requests.record(seconds(request.took()), outcome(model.toBuilder(), request.outcome(), request.failure()));
        if (request.timeToFirstToken() != null) {
            firstChunks.record(seconds(request.timeToFirstToken()), model);
        }
        var usage = request.usage();
        if (usage != null) {
            tokens.record(
                    usage.inputTokens(),
                    model.toBuilder().put(TOKEN_TYPE, "input").build());
            tokens.record(
                    usage.outputTokens(),
                    model.toBuilder().put(TOKEN_TYPE, "output").build());
        }
    }

    @Override
    public void toolCallEnded(RunInfo run, ToolCall call) {
        var attributes = Attributes.builder().put(OPERATION_NAME, EXECUTE_TOOL).put(TOOL_NAME, call.toolName());
        tools.record(seconds(call.took()), outcome(attributes, call.outcome(), call.failure()));
    }

    private static Attributes outcome(AttributesBuilder attributes, Outcome outcome, @Nullable RunFailure failure) {
        attributes.put(CALL_OUTCOME, outcome.name());
        if (failure != null) {
            attributes.put(ERROR_TYPE, Failures.type(failure));
        }
        return attributes.build();
    }

    @Override
    public void runEnded(RunInfo run, RunOutput output) {
        var attributes = Attributes.builder()
                .put(COMPONENT_ID, run.componentId())
                .put(COMPONENT_KIND, run.kind().name())
                .put(RUN_STATUS, output.status().name());
        if (output.cause() != null) {
            attributes.put(CANCEL_KIND, output.cause().kind().name());
        }
        if (output.failure() != null) {
            attributes.put(ERROR_TYPE, Failures.type(output.failure()));
        }
        var all = attributes.build();
        runs.record(seconds(output.metrics().duration()), all);
        if (output.stopTook() != null) {
            stops.record(seconds(output.stopTook()), all);
        }
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
