package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunContext;
import dev.rein.testkit.ScriptedModel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation08CallbackThrowsTest {
    private final List<String> called = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource
    void anAborterThatThrowsKeepsNoneOfTheOthersFromRunning(Form form) {
        var arrived = new Gate();
        var model = ScriptedModel.create().toolCall("wait", "{}");
        var agent = Agent.builder()
                .model(model)
                .tools(Tools.tool("wait", context -> waitWithAborters(context, arrived)))
                .build();
        var run = form.start(agent, "Go");
        arrived.awaitArrival();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        var output = RunInvariants.checkCancelled(run);
        assertThat(called).containsExactlyInAnyOrder("throws", "throws an error", "closes");
        assertThat(output.abandoned()).isEmpty();
    }

    private String waitWithAborters(RunContext context, Gate arrived) {
        // All three: an aborter whose wait is over before its turn comes is rightly left out.
        var closed = new CountDownLatch(3);
        var cancellation = context.cancellation();
        try (var _ = cancellation.onCancel(() -> {
                    called.add("throws");
                    closed.countDown();
                    throw new IOException("on purpose");
                });
                var _ = cancellation.onCancel(() -> {
                    called.add("throws an error");
                    closed.countDown();
                    throw new StackOverflowError("on purpose");
                });
                var _ = cancellation.onCancel(() -> {
                    called.add("closes");
                    closed.countDown();
                })) {
            arrived.arrive();
            Waiting.deaf(closed);
            return "released";
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCleanupThatThrowsKeepsNoneOfTheOthersFromRunning(Form form) {
        var model = ScriptedModel.create().toolCall("register", "{}").waitsForever();
        var agent = Agent.builder()
                .model(model)
                .tools(Tools.tool("register", context -> {
                    context.onCancelled(() -> {
                        called.add("of the run, throws");
                        throw new IllegalStateException("on purpose");
                    });
                    context.onCancelled(() -> called.add("of the run"));
                    return "registered";
                }))
                .onCancel((_, _) -> {
                    called.add("of the agent, throws");
                    throw new IOException("on purpose");
                })
                .onCancel((_, _) -> {
                    called.add("of the agent, throws an error");
                    throw new AssertionError("on purpose");
                })
                .onCancel((_, cause) -> called.add("of the agent: " + cause.reason()))
                .build();
        var run = form.start(agent, "Go");
        model.awaitWaiting(1);

        run.cancel(CancelRequest.now().reason("enough"));

        RunInvariants.checkCancelled(run);
        assertThat(called)
                .containsExactlyInAnyOrder(
                        "of the run, throws",
                        "of the run",
                        "of the agent, throws",
                        "of the agent, throws an error",
                        "of the agent: enough");
    }
}
