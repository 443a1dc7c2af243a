package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A deliberate difference from the recordings. Locations are regular expressions: {@code RunCompleted/metrics/details},
 * with {@code []} for an entry of a list.
 */
public enum Difference {
    FIRST_TOKEN(
            ".*(ModelRequestCompleted|events\\[])/time_to_first_token",
            "the first piece of a tool call is a token too"),
    TOOL_TIMES("ToolCallCompleted/tool/metrics", "a tool that people confirmed has its times too"),
    CHILD_RUN(
            ".*/tools?(\\[])?/child_run_id",
            "a call names the run that it started, in every form and only once it has"),
    CURRENT_IDS(".*/session_state/current_\\w+", "the state holds what users put there; the run has its ids already"),
    TEAM_STATE("(TeamRunCompleted|body/body)/session_state", "every run shows the state, not some"),
    MESSAGE_METRICS(".*/(messages|chat_history)\\[]/metrics", "tokens are counted for a run, not for each message"),
    PROMPTS(".*/messages\\[]/content", "leaders and members have prompts of Rein's own"),
    QUEUE_ATTEMPT("body/body/queue_attempt", "there is no durable queue that could try a run again"),
    ALL_EVENTS("body/body/events", "the events of every run are stored, streamed or not"),
    NOTHING_OPEN("body/body/requirements", "a run that was stopped waits for nobody any more"),
    NEVER_BEGAN(
            "body/body/(model|model_provider|session_state|metrics)", "a run that never began is shown as any other"),
    VALID_HISTORY("body/body/messages", "also a call that was stopped has a result, and partial text its own message"),
    EMPTY_TOOLS(
            ".*(member_responses|step_executor_runs)\\[]/tools", "an empty list of tools is left out, as in streams"),
    EMPTY_EVENTS(
            ".*(member_responses|step_executor_runs)\\[]/events",
            "events of runs below are with the run at the top only"),
    EVENT_INDEX(".*events\\[]/event_index", "every stored event has its index, so that any stream can be resumed"),
    WORKFLOW_END(
            ".*events\\[]",
            node -> node.path("event").asText().matches("Workflow(Cancelled|Completed)"),
            "the events of a stopped workflow have its end too"),

    REASON(".*(Cancelled|events\\[])/reason", "the reason tells who or what stopped the run"),
    DELIVERED(
            "(.*/)?(RunCancelled|RunCompleted|body|events\\[]|member_responses\\[]|messages\\[]|step_results\\[]"
                    + "|step_executor_runs\\[])/content|.*/content_preview",
            "the text of a stopped run is what was delivered, to the character, and no word more"),
    ESTIMATE(".*metrics/(details|\\w+_tokens)", "the tokens of a response that was cut are estimated"),
    CANCELLATION(".*/cancellation", "Rein's own: who stopped it, why, how and when"),
    WORKFLOW_TEXT("Workflow(Cancelled|Completed)/content", "a stopped workflow keeps the last text of its steps"),
    STEP_ERROR(".*step_results\\[]/error", "the error of a stopped step tells why it was stopped"),
    CANCELLED_STEPS(".*/step_executor_runs\\[]/status", "defect D1: steps that were done are shown as cancelled"),

    ERROR_TYPE(".*/error_type", "the name of a Java class"),
    LEADERS_TOOLS(".*/tools", "the tools that the mode of a team adds are not part of it"),
    STEP_IDS(".*/steps\\[]/agent/id", "an agent in a step is shown with its id"),
    TOOL_SCHEMA(".*/parameters/additionalProperties", "schemas forbid arguments that a tool does not have"),
    MARKDOWN(".*/system_message/markdown", "Rein has no such setting: say it in the instructions"),
    MODEL_NAME(".*/model/name", "the class of the model that plays the script"),
    WORKFLOW_MODELS(".*/session_metrics/details", "the tokens of a workflow's runs are not kept by model"),
    WORKFLOW_NAME("body/body/workflow_name", "the name of a session's workflow is shown");

    private final Pattern path;
    private final Predicate<JsonNode> isIt;
    private final String why;

    Difference(String path, String why) {
        this(path, _ -> true, why);
    }

    Difference(String path, Predicate<JsonNode> isIt, String why) {
        this.path = Pattern.compile(path);
        this.isIt = isIt;
        this.why = why;
    }

    boolean covers(String place, JsonNode node) {
        return path.matcher(place).matches() && isIt.test(node);
    }

    @Override
    public String toString() {
        return name() + " (" + why + ")";
    }
}
