package dev.rein.situations;

import dev.rein.agent.Agent;
import dev.rein.model.ModelResponse;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RetryPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A workflow with every composite, and every kind of step in it. */
final class WorkflowReference implements Referenced {
    private final Points points;
    private final InMemorySessionStore rows = new InMemorySessionStore();
    private final SessionStore store;
    private final TeamReference team;
    private final AtomicInteger tries = new AtomicInteger();

    WorkflowReference(Points points) {
        this.points = points;
        this.store = points.passedBy(rows);
        this.team = new TeamReference(points);
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
    public Workflow component(boolean sequential) {
        var nested = Workflow.builder()
                .name("Nested")
                .steps(Condition.of(
                                "inner condition",
                                _ -> {
                                    points.pass("begin condition");
                                    return false;
                                },
                                function("never"))
                        .otherwise(agent("inner")))
                .build();
        return Workflow.builder()
                .name("Reference Flow")
                .steps(
                        function("first"),
                        Steps.of("steps", agent("asked"), flaky()),
                        sequential ? Steps.of("one by one", branches()) : Parallel.of("parallel", branches()),
                        loop(),
                        Router.of(
                                "router",
                                _ -> {
                                    points.pass("begin router");
                                    return List.of("right");
                                },
                                function("left"),
                                function("right")),
                        Step.of("nested", nested),
                        Step.of("team", team.part("Team", true)))
                .onCancel((_, _) -> points.pass("cleanup"))
                .store(store)
                .storeWait(Waiting.LONG)
                .debug(true)
                .build();
    }

    private WorkflowStep[] branches() {
        return new WorkflowStep[] {
            Steps.of("branch one", agent("one"), function("after one")),
            Steps.of("branch two", function("two"), function("after two"))
        };
    }

    private Loop loop() {
        return Loop.of("loop", function("again"))
                .maxIterations(5)
                .forwardOutput(true)
                .until(_ -> {
                    points.pass("begin until");
                    return points.count("begin step again") >= 2;
                });
    }

    private Step function(String name) {
        return Step.of(name, input -> {
            points.pass("begin step " + name);
            input.progress("half", Map.of());
            input.sessionState().put(name, true);
            input.context().cancellation().sleep(Duration.ofMillis(1));
            points.pass("step " + name + ", at its end");
            return StepOutput.of(name + " is done");
        });
    }

    /** Fails once, with a time limit: each try has a thread of its own. */
    private Step flaky() {
        return Step.of("flaky", _ -> {
                    points.pass("begin step flaky");
                    if (tries.incrementAndGet() == 1) {
                        throw new IllegalStateException("no luck");
                    }
                    return StepOutput.of("flaky is done");
                })
                .timeout(Duration.ofMinutes(1))
                .retry(new RetryPolicy(1, Duration.ofMillis(2), 1, Duration.ofMillis(2)));
    }

    private Step agent(String name) {
        var agent = Agent.builder()
                .name(name)
                .model(ScriptedModel.create().answerWith((_, call) -> {
                    points.pass("begin model of " + name);
                    call.text("Once ");
                    points.pass(name + ", after a token");
                    call.text("upon.");
                    points.pass(name + ", after a token");
                    return ModelResponse.of("Once upon.");
                }))
                .onCancel((_, _) -> points.pass("cleanup of " + name))
                .build();
        return Step.of(name, agent);
    }
}
