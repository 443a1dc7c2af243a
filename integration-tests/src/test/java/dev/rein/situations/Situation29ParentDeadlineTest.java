package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.run.RunOutput;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation29ParentDeadlineTest {
    private static final Duration DEADLINE = Duration.ofMillis(300);

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final Limits limits = Limits.none().deadline(DEADLINE);
    private final List<RunOutput> children = new CopyOnWriteArrayList<>();

    private static CancelCause cause(RunOutput output) {
        return Objects.requireNonNull(output.cause());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aToolThatTakesLongerIsStoppedAtTheDeadlineOfItsRun(Form form) {
        var slept = new CopyOnWriteArrayList<ScriptedModel>();
        var output = Waiting.withGrowingLimit(
                limit -> {
                    var model = ScriptedModel.create().toolCall("sleep", "{}").answer("never asked for");
                    slept.clear();
                    var agent = Agent.builder()
                            .model(model)
                            .store(store)
                            .storeWait(Waiting.LONG)
                            .limits(Limits.none().deadline(limit))
                            .tools(Tools.tool("sleep", _ -> {
                                slept.add(model);
                                Thread.sleep(Duration.ofMinutes(1)); // blocks on purpose
                                return "slept";
                            }))
                            .build();
                    var stopped = RunInvariants.checkCancelled(form.start(agent, "Go"), store);
                    assertThat(stopped.metrics().duration()).isBetween(limit, limit.plus(Waiting.SOON));
                    return stopped;
                },
                _ -> !slept.isEmpty());
        assertThat(cause(output).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(cause(output).reason()).contains("did not end within");
        assertThat(output.abandoned()).isEmpty();
        assertThat(slept)
                .singleElement()
                .satisfies(model -> assertThat(model.callsStarted()).isEqualTo(1));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void theDeadlineOfTheParentEndsASubAgentThatHasALaterOne(Form form) {
        var subModel = ScriptedModel.create().waitsForever();
        var sub = Agent.builder()
                .model(subModel)
                .limits(Limits.none().deadline(Duration.ofMinutes(5)))
                .build();
        var output = Waiting.withGrowingLimit(
                limit -> {
                    var agent = Agent.builder()
                            .model(ScriptedModel.create().toolCall("ask", "{}"))
                            .tools(Tools.tool("ask", _ -> {
                                children.add(sub.run("Go"));
                                return "asked";
                            }))
                            .build();
                    var deadline = RunOptions.defaults().limits(Limits.none().deadline(limit));
                    return RunInvariants.checkCancelled(form.start(agent, "Go", deadline));
                },
                _ -> !children.isEmpty());
        assertThat(cause(output).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(children).singleElement().satisfies(child -> {
            assertThat(child.isCancelled()).isTrue();
            assertThat(cause(child).kind()).isEqualTo(CancelKind.PARENT);
            assertThat(cause(child).reason()).contains(cause(output).reason());
        });
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void theDeadlineOfASubAgentEndsItAloneAndItsParentGoesOn(Form form) {
        var subModel = ScriptedModel.create().waitsForever();
        var sub = Agent.builder().model(subModel).limits(limits).build();
        var agent = Agent.builder()
                .model(ScriptedModel.create().toolCall("ask", "{}").answer("went on"))
                .tools(Tools.tool("ask", _ -> {
                    children.add(sub.run("Go"));
                    return "asked";
                }))
                .build();

        var output = RunInvariants.check(form.start(agent, "Go"));
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo("went on");
        assertThat(children)
                .singleElement()
                .satisfies(child -> assertThat(cause(child).kind()).isEqualTo(CancelKind.DEADLINE));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void theEarlierOfTwoDeadlinesWins(Form form) {
        var model = ScriptedModel.create().waitsForever();
        var agent = Agent.builder()
                .model(model)
                .limits(Limits.none().deadline(Duration.ofMinutes(5)))
                .build();

        var output = RunInvariants.checkCancelled(
                form.start(agent, "Go", RunOptions.defaults().limits(limits)));
        assertThat(cause(output).reason()).contains("300 ms");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aToolsOwnTimeOutEndsTheCallAndTheModelIsTold(Form form) {
        var model = ScriptedModel.create().toolCall("sleep", "{}").answer("I see");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("sleep", _ -> {
                            Thread.sleep(Duration.ofMinutes(1)); // blocks on purpose
                            return "slept";
                        })
                        .withTimeout(Duration.ofMillis(100)))
                .build();

        var output = RunInvariants.check(form.start(agent, "Go"), store);
        assertThat(output.isCompleted()).isTrue();
        assertThat(model.request(2).messages().getLast().content()).contains("did not end within 100 ms");
        assertThat(output.abandoned()).isEmpty();
    }
}
