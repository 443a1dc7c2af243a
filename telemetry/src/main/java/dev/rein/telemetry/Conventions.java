package dev.rein.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/** The names of spans' attributes and of metrics: OpenTelemetry's for generative AI, and Rein's own, which begin with {@code rein}. */
final class Conventions {
    static final String SCOPE = "dev.rein";

    static final String CHAT = "chat";
    static final String EXECUTE_TOOL = "execute_tool";
    static final String INVOKE_AGENT = "invoke_agent";
    static final String INVOKE_WORKFLOW = "invoke_workflow";

    static final AttributeKey<String> OPERATION_NAME = AttributeKey.stringKey("gen_ai.operation.name");
    static final AttributeKey<String> PROVIDER_NAME = AttributeKey.stringKey("gen_ai.provider.name");
    static final AttributeKey<String> REQUEST_MODEL = AttributeKey.stringKey("gen_ai.request.model");
    static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    static final AttributeKey<Double> TIME_TO_FIRST_CHUNK =
            AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk");
    static final AttributeKey<Long> INPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.input_tokens");
    static final AttributeKey<Long> OUTPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.output_tokens");
    static final AttributeKey<Long> CACHE_READ_TOKENS = AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
    static final AttributeKey<String> CONVERSATION_ID = AttributeKey.stringKey("gen_ai.conversation.id");
    static final AttributeKey<String> AGENT_ID = AttributeKey.stringKey("gen_ai.agent.id");
    static final AttributeKey<String> AGENT_NAME = AttributeKey.stringKey("gen_ai.agent.name");
    static final AttributeKey<String> WORKFLOW_NAME = AttributeKey.stringKey("gen_ai.workflow.name");
    static final AttributeKey<String> TOOL_NAME = AttributeKey.stringKey("gen_ai.tool.name");
    static final AttributeKey<String> TOOL_CALL_ID = AttributeKey.stringKey("gen_ai.tool.call.id");
    static final AttributeKey<String> TOOL_TYPE = AttributeKey.stringKey("gen_ai.tool.type");
    static final AttributeKey<String> TOKEN_TYPE = AttributeKey.stringKey("gen_ai.token.type");
    static final AttributeKey<String> INPUT_MESSAGES = AttributeKey.stringKey("gen_ai.input.messages");
    static final AttributeKey<String> OUTPUT_MESSAGES = AttributeKey.stringKey("gen_ai.output.messages");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    static final AttributeKey<String> RUN_ID = AttributeKey.stringKey("rein.run.id");
    static final AttributeKey<String> RUN_STATUS = AttributeKey.stringKey("rein.run.status");
    static final AttributeKey<String> COMPONENT_ID = AttributeKey.stringKey("rein.component.id");
    static final AttributeKey<String> COMPONENT_KIND = AttributeKey.stringKey("rein.component.kind");
    static final AttributeKey<String> STEP_NAME = AttributeKey.stringKey("rein.step.name");
    static final AttributeKey<String> CALL_OUTCOME = AttributeKey.stringKey("rein.call.outcome");
    static final AttributeKey<String> CANCEL_KIND = AttributeKey.stringKey("rein.cancel.kind");
    static final AttributeKey<String> CANCEL_REASON = AttributeKey.stringKey("rein.cancel.reason");
    static final AttributeKey<Long> CANCEL_TOOK_MS = AttributeKey.longKey("rein.cancel.took_ms");
    static final AttributeKey<Long> ABANDONED = AttributeKey.longKey("rein.abandoned");

    static final String OPERATION_DURATION = "gen_ai.client.operation.duration";
    static final String FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";
    static final String TOKEN_USAGE = "gen_ai.client.token.usage";
    static final String TOOL_DURATION = "gen_ai.execute_tool.duration";
    static final String RUN_DURATION = "rein.run.duration";
    static final String STOP_DURATION = "rein.stop.duration";

    /** In seconds, as the conventions advise. */
    static final List<Double> SECONDS =
            List.of(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);

    static final List<Long> TOKENS = List.of(
            1L, 4L, 16L, 64L, 256L, 1024L, 4096L, 16384L, 65536L, 262144L, 1048576L, 4194304L, 16777216L, 67108864L);

    /** A stop takes milliseconds, or as long as the grace period. */
    static final List<Double> STOP_SECONDS =
            List.of(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    private Conventions() {}
}
