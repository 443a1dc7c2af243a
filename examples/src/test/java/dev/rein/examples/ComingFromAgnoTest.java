package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.AgentBuilder;
import dev.rein.team.TeamBuilder;
import dev.rein.tool.Tool;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.WorkflowBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of docs/coming-from-agno.md: each Java name in them exists, and no argument of the reference is missing. */
class ComingFromAgnoTest {
    private static final Path PAGE = Path.of("../docs/coming-from-agno.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A class, a method of a class, or a method of the class of the section. */
    private static final Pattern JAVA_NAME = Pattern.compile("(?:([A-Z]\\w*)(?:\\.(\\w+))?|(\\w+))(\\(\\.\\.\\))?");

    private static final List<String> PACKAGES = List.of(
            "dev.rein.agent",
            "dev.rein.team",
            "dev.rein.workflow",
            "dev.rein.run",
            "dev.rein.runtime",
            "dev.rein.model",
            "dev.rein.tool",
            "dev.rein.session",
            "dev.rein.embedding",
            "dev.rein.guardrail",
            "dev.rein.store",
            "dev.rein.telemetry",
            "dev.rein.tools.file",
            "dev.rein.tools.reasoning");

    /** The class whose methods a section means, by its heading. */
    private static final Map<String, Class<?>> SECTIONS = Map.ofEntries(
            Map.entry("Agent", AgentBuilder.class),
            Map.entry("Team", TeamBuilder.class),
            Map.entry("Workflow", WorkflowBuilder.class),
            Map.entry("Step", Step.class),
            Map.entry("Human review", Step.class),
            Map.entry("Steps", Steps.class),
            Map.entry("Parallel", Parallel.class),
            Map.entry("Loop", Loop.class),
            Map.entry("Condition", Condition.class),
            Map.entry("Router", Router.class),
            Map.entry("The @tool decorator", Tool.class));

    /** The constructor arguments of the reference, version 3.1.10, as its signatures have them. */
    private static final Map<String, String> ARGUMENTS = Map.ofEntries(
            Map.entry(
                    "Agent",
                    "model fallback_config fallback_models name id user_id session_id session_state "
                            + "add_session_state_to_context overwrite_db_session_state enable_agentic_state cache_session "
                            + "search_past_sessions num_past_sessions_to_search num_past_session_runs_in_search "
                            + "dependencies add_dependencies_to_context db filesystem checkpoint memory_manager "
                            + "enable_agentic_memory update_memory_on_run add_memories_to_context "
                            + "enable_session_summaries add_session_summary_to_context session_summary_manager compaction "
                            + "compress_tool_results compression_manager offload_tool_results add_history_to_context "
                            + "num_history_runs num_history_messages max_tool_calls_from_history store_media "
                            + "media_storage store_tool_messages store_history_messages knowledge knowledge_filters "
                            + "enable_agentic_knowledge_filters add_knowledge_to_context knowledge_retriever "
                            + "references_format skills metadata tools tool_call_limit tool_choice tool_hooks pre_hooks "
                            + "post_hooks reasoning_model reasoning_agent read_chat_history search_knowledge "
                            + "add_search_knowledge_instructions update_knowledge read_tool_call_history "
                            + "send_media_to_model system_message system_message_role introduction build_context "
                            + "description instructions use_instruction_tags expected_output additional_context markdown "
                            + "add_name_to_context add_datetime_to_context add_location_to_context datetime_format "
                            + "timezone_identifier resolve_in_context learning add_learnings_to_context additional_input "
                            + "user_message_role build_user_context retries delay_between_retries exponential_backoff "
                            + "parser_model parser_model_prompt input_schema output_schema parse_response output_model "
                            + "output_model_prompt structured_outputs use_json_mode save_response_to_file followups "
                            + "num_followups followup_model stream stream_events store_events events_to_skip role "
                            + "debug_mode debug_level telemetry cache_callables callable_tools_cache_key "
                            + "callable_knowledge_cache_key sandbox"),
            Map.entry(
                    "Team",
                    "members id model fallback_config fallback_models name role mode respond_directly "
                            + "determine_input_for_members delegate_to_all_members max_iterations user_id session_id "
                            + "session_state add_session_state_to_context enable_agentic_state overwrite_db_session_state "
                            + "resolve_in_context cache_session add_team_history_to_members num_team_history_runs "
                            + "search_past_sessions num_past_sessions_to_search num_past_session_runs_in_search "
                            + "description instructions use_instruction_tags expected_output additional_context markdown "
                            + "add_datetime_to_context add_location_to_context datetime_format timezone_identifier "
                            + "add_name_to_context add_member_tools_to_context system_message system_message_role "
                            + "introduction additional_input dependencies add_dependencies_to_context knowledge "
                            + "knowledge_filters add_knowledge_to_context enable_agentic_knowledge_filters "
                            + "update_knowledge knowledge_retriever references_format share_member_interactions "
                            + "get_member_information_tool search_knowledge add_search_knowledge_instructions "
                            + "read_chat_history store_media media_storage store_tool_messages store_history_messages "
                            + "send_media_to_model add_history_to_context num_history_runs num_history_messages "
                            + "max_tool_calls_from_history skills tools tool_call_limit tool_choice tool_hooks pre_hooks "
                            + "post_hooks input_schema output_schema parser_model parser_model_prompt output_model "
                            + "output_model_prompt use_json_mode parse_response db checkpoint enable_agentic_memory "
                            + "update_memory_on_run add_memories_to_context memory_manager enable_session_summaries "
                            + "session_summary_manager add_session_summary_to_context learning add_learnings_to_context "
                            + "compress_tool_results compression_manager offload_tool_results metadata reasoning_model "
                            + "reasoning_agent followups num_followups followup_model stream stream_events store_events "
                            + "events_to_skip store_member_responses stream_member_events debug_mode debug_level "
                            + "show_members_responses retries delay_between_retries exponential_backoff telemetry "
                            + "cache_callables callable_tools_cache_key callable_knowledge_cache_key "
                            + "callable_members_cache_key"),
            Map.entry(
                    "Workflow",
                    "id name description db steps agent session_id session_state overwrite_db_session_state "
                            + "user_id debug_level debug_mode stream stream_events stream_executor_events store_events "
                            + "store_media media_storage events_to_skip store_executor_outputs input_schema metadata "
                            + "dependencies add_dependencies_to_context add_session_state_to_context cache_session "
                            + "telemetry add_workflow_history_to_steps num_history_runs"),
            Map.entry(
                    "Step",
                    "name agent team executor workflow step_id description max_retries skip_on_failure "
                            + "strict_input_validation add_workflow_history num_history_runs human_review"),
            Map.entry(
                    "Human review",
                    "requires_confirmation confirmation_message requires_user_input user_input_message "
                            + "user_input_schema allow_multiple_selections requires_output_review output_review_message "
                            + "requires_iteration_review iteration_review_message on_reject on_error max_retries timeout "
                            + "on_timeout"),
            Map.entry("Steps", "name description steps human_review"),
            Map.entry("Parallel", "args name description human_review"),
            Map.entry(
                    "Loop",
                    "steps name description max_iterations end_condition forward_iteration_output human_review"),
            Map.entry("Condition", "steps evaluator else_steps name description human_review"),
            Map.entry("Router", "choices selector name description human_review"),
            Map.entry(
                    "The @tool decorator",
                    "name description title annotations strict instructions add_instructions show_result "
                            + "stop_after_tool_call requires_confirmation requires_user_input user_input_fields "
                            + "external_execution external_execution_silent pre_hook post_hook tool_hooks cache_results "
                            + "cache_dir cache_ttl"));

    private record Row(String section, String reference, String java) {}

    private static List<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        var section = "";
        for (var line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            } else if (line.startsWith("| ") && !line.equals("| Agno | Rein |")) {
                var cells = line.split(" \\| |^\\| | \\|$");
                assertThat(cells).as(line).hasSize(3);
                rows.add(new Row(section, cells[1], cells[2]));
            }
        }
        return rows;
    }

    private static Set<String> codes(String cell) {
        var found = new LinkedHashSet<String>();
        var matcher = CODE.matcher(cell);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static Optional<Class<?>> type(String name) {
        for (var each : PACKAGES) {
            try {
                return Optional.of(Class.forName(each + "." + name));
            } catch (ClassNotFoundException e) {
                // It is in another package.
            }
        }
        return Optional.empty();
    }

    private static boolean hasMethod(Class<?> type, String name) {
        return Arrays.stream(type.getMethods())
                .anyMatch(method -> method.getName().equals(name));
    }

    private static boolean hasConstant(Class<?> type, String name) {
        return Arrays.stream(type.getFields()).anyMatch(field -> field.getName().equals(name));
    }

    private static boolean exists(String name, Class<?> section) {
        var matcher = JAVA_NAME.matcher(name);
        if (!matcher.matches()) {
            return false;
        }
        var isCall = matcher.group(4) != null;
        if (matcher.group(1) == null) {
            return isCall && hasMethod(section, matcher.group(3));
        }
        var type = type(matcher.group(1));
        var member = matcher.group(2);
        if (type.isEmpty() || member == null) {
            return type.isPresent() && !isCall;
        }
        return isCall ? hasMethod(type.get(), member) : hasConstant(type.get(), member);
    }

    @Test
    void eachJavaNameExists() throws IOException {
        var names = 0;
        var wrong = new ArrayList<String>();
        for (var row : rows()) {
            for (var name : codes(row.java())) {
                names++;
                // The only code of the JDK.
                if (!name.equals("Files.writeString") && !exists(name, SECTIONS.get(row.section()))) {
                    wrong.add(row.section() + ": " + name);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(names).isGreaterThan(100);
    }

    @Test
    void aNameThatDoesNotExistIsFound() {
        assertThat(exists("RunOptions.sessionId(..)", Step.class)).isTrue();
        assertThat(exists("RunOptions.sessionIds(..)", Step.class)).isFalse();
        assertThat(exists("RunOption", Step.class)).isFalse();
        assertThat(exists("confirm(..)", Step.class)).isTrue();
        assertThat(exists("confirm(..)", Loop.class)).isEqualTo(hasMethod(Loop.class, "confirm"));
        assertThat(exists("confirm", Step.class)).isFalse();
        assertThat(exists("EventPolicy.SOME", Step.class)).isFalse();
    }

    @Test
    void noArgumentOfTheReferenceIsMissing() throws IOException {
        var listed = new LinkedHashMap<String, Set<String>>();
        for (var row : rows()) {
            listed.computeIfAbsent(row.section(), _ -> new LinkedHashSet<>()).addAll(codes(row.reference()));
        }
        // A team has those of its leader too.
        listed.get("Team").addAll(listed.get("Agent"));
        assertThat(listed.keySet()).isEqualTo(SECTIONS.keySet());
        ARGUMENTS.forEach((section, arguments) ->
                assertThat(listed.get(section)).as(section).contains(arguments.split(" ")));
        assertThat(listed.get("Agent"))
                .containsExactlyInAnyOrder(ARGUMENTS.get("Agent").split(" "));
    }
}
