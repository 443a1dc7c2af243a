package dev.rein.situations;

import dev.rein.agent.Agent;
import dev.rein.model.Model;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import dev.rein.team.TeamBuilder;
import dev.rein.testkit.Script;
import java.util.List;
import java.util.stream.Stream;

/** Teams, and what their leaders say. */
final class Teams {
    static final String DELEGATE = "delegate_task_to_member";

    private Teams() {}

    static TeamBuilder of(String name, Model leader, Component... members) {
        return Team.builder().name(name).model(leader).members(members);
    }

    /** A server knows by the instructions whom it answers. */
    static Agent member(String name, Model model) {
        return Agent.builder()
                .name(name)
                .role("Is " + name)
                .instructions("You are " + name + ".")
                .model(model)
                .build();
    }

    /** A response that gives each of some members a task. */
    static Script delegates(String... memberIds) {
        var script = Script.empty();
        for (var call : calls(memberIds)) {
            script = script.thenToolCall(call.id(), call.name(), call.arguments());
        }
        return script;
    }

    /** The same as a response that code gives. */
    static ModelResponse delegating(String text, String... memberIds) {
        return new ModelResponse(text, null, calls(memberIds), null, "tool_calls");
    }

    private static List<ToolCall> calls(String... memberIds) {
        return Stream.of(memberIds)
                .map(id -> new ToolCall(
                        "call_" + id, DELEGATE, "{\"member_id\":\"" + id + "\",\"task\":\"Work, " + id + "\"}"))
                .toList();
    }

    /** A response that gives all members one task. */
    static Script broadcasts() {
        return Script.empty().thenToolCall("call_all", "delegate_task_to_members", "{\"task\":\"Work\"}");
    }
}
