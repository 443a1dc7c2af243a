package dev.rein.os.internal.wire;

import static dev.rein.os.internal.wire.Samples.calls;
import static dev.rein.os.internal.wire.Samples.play;
import static dev.rein.os.internal.wire.Samples.says;
import static dev.rein.os.internal.wire.Samples.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import dev.rein.tool.ToolSpec;
import dev.rein.workflow.OnError;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients return the requirements with the answers filled in. */
class DecisionParserTest {
    private final Samples samples = new Samples();

    /** Acts as a client: takes a field of the paused run, fills in the answer, and sends it back. */
    private record Asked(JsonNode field, List<Requirement> open, Component component, String runId) {
        String filled(Consumer<ObjectNode> first) {
            first.accept((ObjectNode) field.get(0));
            return field.toString();
        }

        RunStatus status(List<Decision> decisions) throws Exception {
            return component
                    .continueRun(runId, decisions.toArray(Decision[]::new))
                    .await()
                    .status();
        }
    }

    private static Asked ask(Component component, String field) throws Exception {
        var played = play(component, session("s"));
        assertThat(played.output().status()).isEqualTo(RunStatus.PAUSED);
        var frame = played.data().getLast().path(field);
        assertThat(new RunWire(ComponentCatalog.of(List.of(component)))
                        .of(played.output())
                        .path(field))
                .isEqualTo(frame);
        return new Asked(
                frame,
                played.output().requirements(),
                component,
                played.output().runId());
    }

    // ---- agents

    @Test
    void confirmsATool() throws Exception {
        var asked = ask(samples.asking(), "tools");
        var decisions = DecisionParser.tools(asked.filled(tool -> tool.put("confirmed", true)), asked.open);
        assertThat(decisions)
                .containsExactly(Decision.confirm(asked.open.getFirst().id()));
        assertThat(asked.status(decisions)).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void rejectsATool() throws Exception {
        var asked = ask(samples.asking(), "tools");
        var json = asked.filled(tool -> tool.put("confirmed", false).put("confirmation_note", "too dear"));
        assertThat(DecisionParser.tools(json, asked.open))
                .containsExactly(Decision.reject(asked.open.getFirst().id(), "too dear"));
    }

    @Test
    void ignoresUndecidedAndUnknownRequirements() throws Exception {
        var asked = ask(samples.asking(), "tools");
        assertThat(DecisionParser.tools(asked.field.toString(), asked.open)).isEmpty();
        assertThat(DecisionParser.tools("[{\"tool_call_id\":\"other\",\"confirmed\":true}]", asked.open))
                .isEmpty();
        assertThat(DecisionParser.tools("", asked.open)).isEmpty();
        assertThat(DecisionParser.tools(null, asked.open)).isEmpty();
    }

    @Test
    void passesValuesToATool() throws Exception {
        var tool = ToolSpec.from(new Samples.Weather()).getFirst().withUserInput("Where?", "city");
        var agent = samples.agent(
                "Asks", builder -> builder.tools(tool), calls("get_weather", "{}"), says("Sunny", " there"));
        var asked = ask(agent, "tools");
        var json = asked.filled(
                each -> ((ObjectNode) each.path("user_input_schema").path(0)).put("value", "Paris"));
        var decisions = DecisionParser.tools(json, asked.open);
        assertThat(decisions)
                .containsExactly(Decision.input(asked.open.getFirst().id(), Map.of("city", "Paris")));
        assertThat(asked.status(decisions)).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void passesTheResultOfATool() throws Exception {
        var tool = ToolSpec.external("look", "Looks outside", WireJson.object().put("type", "object"), "Look outside");
        var agent = samples.agent("Asks", builder -> builder.tools(tool), calls("look", "{}"), says("It", " rains"));
        var asked = ask(agent, "tools");
        var decisions = DecisionParser.tools(asked.filled(each -> each.put("result", "rain")), asked.open);
        assertThat(decisions)
                .containsExactly(Decision.result(asked.open.getFirst().id(), "rain"));
        assertThat(asked.status(decisions)).isEqualTo(RunStatus.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{x", "[", "[{]", "\"", "[1] x"})
    void saysWhenTheFieldIsNoJson(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecisionParser.tools(json, List.of()))
                .withMessage("Invalid JSON in tools field");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecisionParser.requirements(json, List.of()))
                .withMessage("Invalid JSON in requirements field");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecisionParser.stepRequirements(json, List.of()))
                .withMessage("Invalid JSON in step_requirements field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "1", "null", "[1]", "[[]]", "[null]"})
    void saysWhenTheFieldIsNoListOfObjects(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecisionParser.tools(json, List.of()))
                .withMessage("Invalid tools: expected a JSON array of objects");
    }

    // ---- teams

    private Team team() {
        return Team.builder()
                .name("Asking Team")
                .model(Samples.model(
                        calls("delegate_task_to_member", "{\"member_id\":\"hitl-agent\",\"task\":\"delete\"}"),
                        says("Done")))
                .members(samples.asking())
                .build();
    }

    @Test
    void confirmsAToolOfAMember() throws Exception {
        var asked = ask(team(), "requirements");
        assertThat(asked.field.path(0).path("member_agent_name").asText()).isEqualTo("HITL Agent");
        var decisions = DecisionParser.requirements(asked.filled(each -> each.put("confirmation", true)), asked.open);
        assertThat(asked.status(decisions)).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void acceptsTheAnswerInsideTheToolExecution() throws Exception {
        var asked = ask(team(), "requirements");
        var json = asked.filled(each -> ((ObjectNode) each.path("tool_execution")).put("confirmed", true));
        assertThat(asked.status(DecisionParser.requirements(json, asked.open))).isEqualTo(RunStatus.COMPLETED);
    }

    // ---- workflows

    @Test
    void confirmsAStep() throws Exception {
        var asked = ask(samples.asked(), "step_requirements");
        var decisions = DecisionParser.stepRequirements(asked.filled(each -> each.put("confirmed", true)), asked.open);
        assertThat(asked.status(decisions)).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void rejectsAStep() throws Exception {
        var asked = ask(samples.asked(), "step_requirements");
        var json = asked.filled(each -> each.put("confirmed", false).put("rejection_feedback", "no"));
        assertThat(DecisionParser.stepRequirements(json, asked.open))
                .containsExactly(Decision.reject(asked.open.getFirst().id(), "no"));
    }

    @Test
    void passesValuesToAStep() throws Exception {
        var workflow = Workflow.builder()
                .name("W")
                .steps(Step.of("draw", samples.agent("A", says("ok"))).userInput("Which?", "colour"))
                .build();
        var asked = ask(workflow, "step_requirements");
        var json = asked.filled(each -> each.putObject("user_input").put("colour", "red"));
        assertThat(asked.status(DecisionParser.stepRequirements(json, asked.open)))
                .isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void passesTheResultOfAStep() throws Exception {
        var workflow = Workflow.builder()
                .name("W")
                .steps(Step.external("sign", "Sign it"))
                .build();
        var asked = ask(workflow, "step_requirements");
        var json = asked.filled(each -> each.putObject("user_input").put("result", "signed"));
        assertThat(DecisionParser.stepRequirements(json, asked.open))
                .containsExactly(Decision.result(asked.open.getFirst().id(), "signed"));
    }

    @Test
    void choosesARoute() throws Exception {
        var workflow = Workflow.builder()
                .name("W")
                .steps(Router.asking("way", "Which way?", Step.of("left", samples.agent("L", says("l")))))
                .build();
        var asked = ask(workflow, "step_requirements");
        var json = asked.filled(each -> each.putArray("selected_choices").add("left"));
        assertThat(asked.status(DecisionParser.stepRequirements(json, asked.open)))
                .isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void retriesAFailedStep() throws Exception {
        var failed = new java.util.concurrent.atomic.AtomicBoolean();
        var step = Step.of("work", input -> {
                    if (failed.compareAndSet(false, true)) {
                        throw new IllegalStateException("broken");
                    }
                    return dev.rein.run.StepOutput.of("mended");
                })
                .onError(OnError.PAUSE);
        var asked = ask(Workflow.builder().name("W").steps(step).build(), "error_requirements");
        var json = asked.filled(each -> each.put("decision", "retry"));
        assertThat(asked.status(DecisionParser.stepRequirements(json, asked.open)))
                .isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void confirmsAToolOfTheAgentOfAStep() throws Exception {
        var workflow = Workflow.builder()
                .name("W")
                .steps(Step.of("delete", samples.asking()))
                .build();
        var asked = ask(workflow, "step_requirements");
        assertThat(asked.field.path(0).path("executor_id").asText()).isEqualTo("hitl-agent");
        var json = asked.filled(
                each -> ((ObjectNode) each.path("executor_requirements").path(0)).put("confirmation", true));
        assertThat(asked.status(DecisionParser.stepRequirements(json, asked.open)))
                .isEqualTo(RunStatus.COMPLETED);
    }
}
