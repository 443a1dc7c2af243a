package dev.rein.session;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Several runs of one session: session state and session policies. */
class SessionRunsTest {
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("s1");

    private final InMemorySessionStore store = new InMemorySessionStore();

    private AgentBuilder agent(TestModel.Turn... turns) {
        return Agent.builder().model(TestModel.of(turns)).store(store).storeWait(Duration.ofMinutes(1));
    }

    /** Runs with a tool that changes the session state. */
    private RunOutput with(TestTools.Code code) {
        return agent(calls("work"), says("done"))
                .tools(tool("work", code))
                .build()
                .run("Go", SESSION);
    }

    /** Starts a run with a tool that waits at the gate before it changes the session state. */
    private RunHandle at(Gate gate, TestTools.Code code) {
        return agent(calls("work"), says("done"))
                .tools(tool("work", context -> {
                    gate.pass();
                    return code.call(context);
                }))
                .build()
                .start("Go", SESSION);
    }

    private Map<String, Object> state() {
        return store.session("s1").orElseThrow().state();
    }

    // ---- state

    @Test
    void whatARunLeavesTheNextOneFinds() {
        with(context -> context.sessionState().put("name", "Ann"));
        var second = with(context -> context.sessionState().get("name"));
        assertThat(second.tools().getFirst().result()).isEqualTo("Ann");
        assertThat(second.sessionState()).containsExactly(Map.entry("name", "Ann"));
    }

    @Test
    void initialValuesArePutOverThoseOfTheSession() {
        with(context -> context.sessionState().put("name", "Ann"));
        var output = agent(says("x")).build().run("Go", SESSION.sessionState(Map.of("name", "Bob", "age", 7)));
        assertThat(output.sessionState()).isEqualTo(Map.of("name", "Bob", "age", 7));
        assertThat(state()).isEqualTo(Map.of("name", "Bob", "age", 7));
    }

    @Test
    void removedKeysAreRemoved() {
        with(context -> context.sessionState().put("name", "Ann"));
        with(context -> context.sessionState().remove("name"));
        assertThat(state()).isEmpty();
    }

    @Test
    void twoRunsAtOnceThatChangeDifferentKeysAreMerged() throws Exception {
        with(context -> context.sessionState().put("both", "old"));
        var gate = new Gate();
        var slow = at(gate, context -> context.sessionState().put("a", 1));
        gate.awaitReached();
        var quick = with(context -> context.sessionState().put("b", 2));
        gate.open();
        var output = Events.end(slow);
        assertThat(output.sessionState()).as("its own copy").isEqualTo(Map.of("both", "old", "a", 1));
        assertThat(output.stateConflicts()).isEmpty();
        assertThat(quick.stateConflicts()).isEmpty();
        assertThat(state()).isEqualTo(Map.of("both", "old", "a", 1, "b", 2));
    }

    @Test
    void twoRunsAtOnceThatChangeOneKeyAreAConflictAndTheLaterEndIsKept() throws Exception {
        var gate = new Gate();
        var slow = at(gate, context -> context.sessionState().put("count", 1));
        gate.awaitReached();
        var quick = with(context -> context.sessionState().put("count", 2));
        gate.open();
        assertThat(Events.end(slow).stateConflicts()).containsExactly("count");
        assertThat(quick.stateConflicts()).isEmpty();
        assertThat(state()).isEqualTo(Map.of("count", 1));
    }

    @Test
    void twoRunsAtOnceThatChangeOneKeyToTheSameAreNoConflict() throws Exception {
        var gate = new Gate();
        var slow = at(gate, context -> context.sessionState().put("count", 2));
        gate.awaitReached();
        with(context -> context.sessionState().put("count", 2));
        gate.open();
        assertThat(Events.end(slow).stateConflicts()).isEmpty();
    }

    @Test
    void aChangeInsideAListOrAMapIsAChangeAndSeenByNobodyBeforeTheEnd() {
        with(context -> context.sessionState().put("deep", Map.of("list", new ArrayList<>(List.of("a")))));
        var before = state();
        with(context -> {
            var deep = (Map<?, ?>) Objects.requireNonNull(context.sessionState().get("deep"));
            @SuppressWarnings("unchecked")
            var list = (List<Object>) Objects.requireNonNull(deep.get("list"));
            list.add("b");
            assertThat(state()).isEqualTo(Map.of("deep", Map.of("list", List.of("a"))));
            return "ok";
        });
        assertThat(state()).isEqualTo(Map.of("deep", Map.of("list", List.of("a", "b"))));
        assertThat(before).as("what was read before").isEqualTo(Map.of("deep", Map.of("list", List.of("a"))));
    }

    @Test
    void whatACancelledRunChangedIsKept() throws Exception {
        var gate = new Gate();
        var run = agent(calls("work"))
                .tools(tool("work", context -> {
                    context.sessionState().put("half", true);
                    gate.pass();
                    return "x";
                }))
                .build()
                .start("Go", SESSION);
        gate.awaitReached();
        run.cancel();
        assertThat(Events.end(run).sessionState()).isEqualTo(Map.of("half", true));
        assertThat(state()).isEqualTo(Map.of("half", true));
    }

    @Test
    void aSubAgentSharesTheStateOfItsTree() {
        var member = Agent.builder()
                .model(TestModel.of(calls("work"), says("x")))
                .tools(tool("work", context -> context.sessionState().put("below", 1)))
                .build();
        var output = with(context -> member.run("Ask").status());
        assertThat(output.sessionState()).isEqualTo(Map.of("below", 1));
        assertThat(state()).isEqualTo(Map.of("below", 1));
    }

    @Test
    void aSubAgentDoesNotUndoWhatItsParentChanged() {
        with(context -> context.sessionState().put("name", "Ann"));
        var member = agent(says("x")).build();
        with(context -> {
            context.sessionState().put("name", "Bob");
            return member.run("Ask").sessionState();
        });
        assertThat(state()).isEqualTo(Map.of("name", "Bob"));
    }

    @Test
    void whatASubAgentRemovesIsRemovedFromTheSession() {
        with(context -> context.sessionState().put("name", "Ann"));
        var member = agent(calls("work"), says("x"))
                .tools(tool("work", context -> context.sessionState().remove("name")))
                .build();
        with(context -> member.run("Ask").status());
        assertThat(state()).isEmpty();
    }

    // ---- policies

    @Test
    void byDefaultTwoRunsOfASessionRunAtOnceAndACancelOfOneLeavesTheOther() throws Exception {
        var gates = List.of(new Gate(), new Gate());
        var first = at(gates.get(0), context -> context.sessionState().put("first", 1));
        var second = at(gates.get(1), context -> context.sessionState().put("second", 1));
        gates.get(0).awaitReached();
        gates.get(1).awaitReached();
        first.cancel();
        assertThat(Events.end(first).isCancelled()).isTrue();
        gates.get(1).open();
        assertThat(Events.end(second).isCompleted()).isTrue();
        assertThat(state()).isEqualTo(Map.of("second", 1));
        assertThat(store.runs("s1"))
                .extracting(StoredRun::status)
                .containsExactly(RunStatus.CANCELLED, RunStatus.COMPLETED);
    }

    @Test
    void rejectRefusesTheSecondRunUntilTheFirstHasEnded() throws Exception {
        var model = TestModel.of(hangs());
        var first = agent().model(model).build().start("Go", SESSION);
        model.awaitRequests(1);
        var refusing = agent(says("x")).sessionPolicy(SessionPolicy.REJECT).build();
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> refusing.start("Go", SESSION))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.SESSION_BUSY))
                .withMessageContaining("session s1")
                .withMessageContaining(first.id());
        assertThat(refusing.run("Go", SESSION.sessionId("s2")).isCompleted()).isTrue();
        assertThat(store.runs("s1")).extracting(StoredRun::runId).containsExactly(first.id());
        first.cancel();
        Events.end(first);
        assertThat(refusing.run("Go", SESSION).isCompleted()).isTrue();
    }

    @Test
    void queuedRunsFollowEachOtherInTheirOrderAndSeeWhatWasBefore() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        var gate = new Gate();
        var model = TestModel.of((request, call) -> {
            gate.pass();
            order.add(request.messages().getLast().content() + " after "
                    + (request.messages().size() - 1) / 2);
            return says("x").respond(request, call);
        });
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .addHistory(10)
                .sessionPolicy(SessionPolicy.QUEUE)
                .build();
        var runs = List.of(agent.start("one", SESSION), agent.start("two", SESSION), agent.start("three", SESSION));
        gate.awaitReached();
        assertThat(runs.get(1).status()).isEqualTo(RunStatus.PENDING);
        gate.open();
        for (var run : runs) {
            assertThat(Events.end(run).isCompleted()).isTrue();
        }
        assertThat(order).containsExactly("one after 0", "two after 1", "three after 2");
    }

    @Test
    void aQueuedRunThatIsCancelledNeverStartsAndTheNextOneGoesOn() throws Exception {
        var model = TestModel.of(hangs(), says("third"));
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .sessionPolicy(SessionPolicy.QUEUE)
                .build();
        var first = agent.start("one", SESSION);
        model.awaitRequests(1);
        var second = agent.start("two", SESSION);
        var third = agent.start("three", SESSION);
        second.cancel();
        assertThat(Events.end(second).isCancelled()).isTrue();
        assertThat(first.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(third.status()).isEqualTo(RunStatus.PENDING);
        first.cancel();
        assertThat(Events.end(third).text()).isEqualTo("third");
        assertThat(Events.names(second)).containsExactly("RunStarted", "RunCancelled");
    }
}
