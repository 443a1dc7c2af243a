package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.AbandonedThread;
import dev.rein.run.RunOutput;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation17CpuLoopTest {
    private static final Duration GRACE = Duration.ofMillis(200);

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AtomicBoolean looping = new AtomicBoolean();
    private final AtomicBoolean stop = new AtomicBoolean();

    @AfterEach
    void nothingLoopsOn() {
        stop.set(true);
        Waiting.until("abandoned threads come back", () -> Runs.shared().abandonedThreads() == 0);
    }

    private String burn() {
        looping.set(true);
        var end = System.nanoTime() + Waiting.LONG.toNanos();
        while (!stop.get() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return "burnt";
    }

    @ParameterizedTest
    @EnumSource
    void aToolThatLoopsIsAbandonedAfterTheGraceAndWhatItDoesLaterChangesNothing(Form form) {
        var model = ScriptedModel.create().toolCall("burn", "{}").answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("burn", context -> {
                    var result = burn();
                    context.sessionState().put("late", true);
                    context.onCancelled(() -> context.sessionState().put("later", true));
                    return result;
                }))
                .build();
        var run = form.start(agent, "Go", RunOptions.defaults().sessionId("conversation"));
        Waiting.until("the loop", looping::get);

        run.cancel(CancelRequest.now().grace(GRACE));

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.stopTook()).isGreaterThanOrEqualTo(GRACE);
        assertAbandoned(output, "tool burn");
        var row = store.run(run.id());
        var session = store.session("conversation");
        var events = run.events();

        stop.set(true);
        Waiting.until("the thread comes back", () -> Runs.shared().abandonedThreads() == 0);

        assertThat(store.run(run.id())).isEqualTo(row);
        assertThat(store.session("conversation")).isEqualTo(session);
        assertThat(run.events()).isEqualTo(events);
        assertThat(output.sessionState()).isEmpty();
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    private static void assertAbandoned(RunOutput output, String what) {
        assertThat(output.abandoned()).singleElement().satisfies(thread -> {
            assertThat(thread.what()).contains(what);
            assertThat(thread.stack()).anyMatch(frame -> frame.contains("burn"));
        });
        assertThat(Runs.shared().abandonedThreads()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatLoopsIsAbandonedToo(Form form) {
        var model = ScriptedModel.create().answerWith((_, call) -> {
            call.text("so far");
            return ModelResponse.of(burn());
        });
        var run = form.start(
                Agent.builder()
                        .model(model)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build(),
                "Go");
        Waiting.until("the loop", looping::get);

        run.cancel(CancelRequest.now().grace(GRACE));

        var output = RunInvariants.checkCancelled(run, store);
        assertAbandoned(output, "waiting for scripted-model");
        assertThat(output.text()).isEqualTo("so far");
    }

    @ParameterizedTest
    @EnumSource
    void aHookThatLoopsIsAbandonedToo(Form form) {
        var model = ScriptedModel.of("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .before("burn", (input, _) -> {
                    burn();
                    return input;
                })
                .build();
        var run = form.start(agent, "Go");
        Waiting.until("the loop", looping::get);

        run.cancel(CancelRequest.now().grace(GRACE));

        assertAbandoned(RunInvariants.checkCancelled(run, store), "run " + run.id());
        assertThat(model.callsStarted()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aToolOfASubAgentThatLoopsIsAbandonedByItsOwnRunAndTheOthersEndNormally(Form form) {
        var sub = Agent.builder()
                .id("sub")
                .model(ScriptedModel.create().toolCall("burn", "{}"))
                .tools(Tools.tool("burn", _ -> burn()))
                .build();
        var outputs = new ArrayList<RunOutput>();
        var agent = Agent.builder()
                .model(ScriptedModel.create().toolCall("ask", "{}"))
                .tools(Tools.tool("ask", _ -> {
                    outputs.add(sub.run("Go"));
                    return "asked";
                }))
                .build();
        var run = form.start(agent, "Go");
        Waiting.until("the loop", looping::get);

        run.cancel(CancelRequest.now().grace(GRACE));

        var output = RunInvariants.checkCancelled(run);
        assertThat(outputs)
                .singleElement()
                .satisfies(child -> assertThat(child.abandoned())
                        .extracting(AbandonedThread::what)
                        .containsExactly("tool burn"));
        assertThat(output.abandoned()).as("the parent's own threads came back").isEmpty();
    }

    /** A thread that was left behind may change the containers it once got while the end of its run is written. */
    @Test
    void aLoopThatChangesTheSessionStateAllTheTimeHoldsNothingUp() {
        for (var i = 0; i < 20; i++) {
            stop.set(false);
            looping.set(false);
            var agent = Agent.builder()
                    .model(ScriptedModel.create().toolCall("scribble", "{}"))
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .tools(Tools.tool("scribble", context -> scribble(context.sessionState())))
                    .build();
            var run = Form.START.start(agent, "Go", RunOptions.defaults().sessionId("conversation"));
            Waiting.until("the loop", looping::get);

            run.cancel(CancelRequest.now().grace(Duration.ofMillis(20)));

            RunInvariants.checkCancelled(run, store);
            stop.set(true);
            Waiting.until("the thread comes back", () -> Runs.shared().abandonedThreads() == 0);
        }
    }

    private String scribble(Map<String, Object> state) {
        Map<String, Object> map = new HashMap<>();
        List<Object> list = new ArrayList<>();
        state.put("map", map);
        state.put("list", list);
        looping.set(true);
        var end = System.nanoTime() + Waiting.LONG.toNanos();
        for (var i = 0; !stop.get() && System.nanoTime() < end; i++) {
            map.put("key " + i % 1000, i);
            map.remove("key " + (i + 500) % 1000);
            list.add(i);
            if (list.size() > 1000) {
                list.clear();
            }
        }
        return "scribbled";
    }
}
