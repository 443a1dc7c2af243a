package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation05StaleSuccessAfterCancelTest {
    private final InMemorySessionStore store = new InMemorySessionStore();

    @ParameterizedTest
    @EnumSource
    void aSuccessWrittenOverACancelledRowChangesNothing(Form form) {
        var model = ScriptedModel.create().waitsForever();
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        var run = form.start(agent, "Go", RunOptions.defaults().sessionId("conversation"));
        model.awaitWaiting(1);
        run.cancel();
        RunInvariants.checkCancelled(run, store);
        var row = store.run(run.id()).orElseThrow();
        var session = store.session("conversation").orElseThrow();

        var kept = store.finish(completed(row), List.of(new StateChange("winner", null, "the stale one")));

        assertThat(kept.run()).isEqualTo(row);
        assertThat(store.run(run.id())).contains(row);
        assertThat(store.session("conversation")).contains(session);
        assertThat(store.insert(completed(row))).isFalse();
        assertThat(store.run(run.id())).contains(row);
    }

    @ParameterizedTest
    @EnumSource
    void aDeafToolThatSucceedsAfterTheEndChangesNeitherRowNorSession(Form form) {
        var deaf = new Gate();
        var returned = new Gate();
        var model = ScriptedModel.create().toolCall("deaf", "{}").answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("deaf", context -> {
                    context.sessionState().put("before", "kept");
                    deaf.passDeaf();
                    context.sessionState().put("after", "dropped");
                    returned.open();
                    return "ok";
                }))
                .build();
        var run = form.start(agent, "Go", RunOptions.defaults().sessionId("conversation"));
        deaf.awaitArrival();
        run.cancel(CancelRequest.now().grace(Duration.ofMillis(100)));
        var output = RunInvariants.checkCancelled(run, store);
        var row = store.run(run.id()).orElseThrow();
        var session = store.session("conversation").orElseThrow();
        assertThat(session.state()).containsExactly(Map.entry("before", "kept"));

        deaf.open();
        Waiting.until("the thread comes back", () -> Runs.shared().abandonedThreads() == 0);

        assertThat(store.run(run.id())).contains(row);
        assertThat(store.session("conversation")).contains(session);
        assertThat(output.sessionState()).doesNotContainKey("after");
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    private static StoredRun completed(StoredRun row) {
        return row.toBuilder()
                .status(RunStatus.COMPLETED)
                .text("a stale success")
                .messages(List.of(Message.user("Go"), Message.assistant("a stale success")))
                .tools(List.of())
                .steps(List.of())
                .cause(null)
                .effectiveMode(null)
                .failure(null)
                .build();
    }
}
