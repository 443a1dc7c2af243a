package dev.rein.situations;

import dev.rein.agent.Agent;
import dev.rein.model.ModelException;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.runtime.RetryPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.team.Team;
import dev.rein.team.TeamBuilder;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A team of three: an agent with hooks, one with a tool and a failed request, and a team of its own. Its leader has a tool
 * besides.
 */
final class TeamReference implements Referenced {
    private final Points points;
    private final InMemorySessionStore rows = new InMemorySessionStore();
    private final SessionStore store;

    TeamReference(Points points) {
        this.points = points;
        this.store = points.passedBy(rows);
    }

    @Override
    public Points points() {
        return points;
    }

    @Override
    public SessionStore store() {
        return rows;
    }

    @Override
    public Team component(boolean sequential) {
        return team("Reference Team", sequential)
                .before("check input", (input, _) -> {
                    points.pass("begin before hook");
                    return input;
                })
                .onCancel((_, _) -> points.pass("cleanup"))
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(5)
                .debug(true)
                .build();
    }

    /** The same without a store, as a part of something else. */
    Team part(String name, boolean sequential) {
        return team(name, sequential).build();
    }

    private TeamBuilder team(String name, boolean sequential) {
        var leader = ScriptedModel.create()
                .answerWith((_, call) -> {
                    points.pass("begin model of the leader");
                    call.text("All of you.");
                    points.pass("leader, after a token");
                    var delegated = Teams.delegating("All of you.", "writer", "looker", "sub");
                    var calls = new ArrayList<>(delegated.toolCalls());
                    calls.add(new ToolCall("call_note", "note", "{}"));
                    return new ModelResponse("All of you.", null, calls, null, "tool_calls");
                })
                .answerWith((_, call) -> {
                    points.pass("begin model of the leader");
                    call.text("It is there.");
                    points.pass("leader, after a token");
                    return ModelResponse.of("It is there.");
                });
        return Teams.of(name, leader, writer(), looker(), sub())
                .sequentialTools(sequential)
                .tools(Tools.tool("note", context -> {
                    points.pass("begin tool note");
                    context.sessionState().put("noted", true);
                    return "noted";
                }));
    }

    private ScriptedModel says(String who, String... tokens) {
        return ScriptedModel.create().answerWith((_, call) -> {
            points.pass("begin model of " + who);
            for (var token : tokens) {
                call.text(token);
                points.pass(who + ", after a token");
            }
            return ModelResponse.of(String.join("", tokens));
        });
    }

    private Agent writer() {
        return Agent.builder()
                .name("Writer")
                .model(says("writer", "Once ", "upon."))
                .before("writer's", (input, _) -> {
                    points.pass("begin before hook of writer");
                    return input;
                })
                .after("writer's", (_, _) -> points.pass("begin after hook of writer"))
                .onCancel((_, _) -> points.pass("cleanup of writer"))
                .build();
    }

    private Agent looker() {
        var model = ScriptedModel.create()
                .answerWith((_, _) -> {
                    points.pass("begin model of looker, first try");
                    throw new ModelException(ModelException.Kind.SERVER, "busy");
                })
                .answerWith((_, call) -> {
                    points.pass("begin model of looker");
                    call.text("Let me look.");
                    points.pass("looker, after a token");
                    return new ModelResponse(
                            "Let me look.", null, List.of(new ToolCall("call_1", "look", "{}")), null, "tool_calls");
                })
                .answerWith((_, call) -> {
                    points.pass("begin model of looker");
                    call.text("Nothing.");
                    return ModelResponse.of("Nothing.");
                });
        return Agent.builder()
                .name("Looker")
                .model(model)
                .retry(new RetryPolicy(1, Duration.ofMillis(2), 1, Duration.ofMillis(2)))
                .tools(Tools.tool("look", context -> {
                    points.pass("begin tool look");
                    try (var _ = context.cancellation().onCancel(() -> points.pass("aborter of look"))) {
                        points.pass("tool look, with an aborter");
                    }
                    return "nothing";
                }))
                .build();
    }

    private Team sub() {
        var leader = ScriptedModel.create()
                .answerWith((_, _) -> {
                    points.pass("begin model of the sub-leader");
                    return Teams.delegating("", "editor");
                })
                .answerWith((_, call) -> {
                    points.pass("begin model of the sub-leader");
                    call.text("Edited.");
                    points.pass("sub-leader, after a token");
                    return ModelResponse.of("Edited.");
                });
        return Teams.of(
                        "Sub",
                        leader,
                        Agent.builder()
                                .name("Editor")
                                .model(says("editor", "Better."))
                                .build())
                .build();
    }
}
