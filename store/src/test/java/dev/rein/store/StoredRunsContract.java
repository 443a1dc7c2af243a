package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunContext;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RunOptions;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs leave in a database, and what the runs of the next process find there. */
abstract class StoredRunsContract {
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("s");

    private SessionStore store;

    /** Opens the test's database, again and again. */
    abstract SessionStore open() throws Exception;

    /** Another connection, which has locked the test's database against writers. */
    abstract Connection locked() throws Exception;

    @AfterEach
    void close() {
        store().close();
    }

    private SessionStore store() {
        if (store == null) {
            reopen();
        }
        return store;
    }

    /** As a process does that starts again. */
    private void reopen() {
        if (store != null) {
            store.close();
        }
        try {
            store = open();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private AgentBuilder agent(ScriptedModel model) {
        return Agent.builder()
                .name("Teller")
                .model(model)
                .store(store())
                .storeWait(Duration.ofSeconds(20))
                .addHistory(10);
    }

    /** What the model is asked in the next turn of the session. */
    private List<Message> nextTurn() {
        var model = ScriptedModel.of("next");
        assertThat(agent(model).build().run("And now?", SESSION).status()).isEqualTo(RunStatus.COMPLETED);
        var messages = model.request(1).messages();
        MessageRules.checkAll(messages);
        return messages;
    }

    private StoredRun row(String runId) {
        return store().run(runId).orElseThrow();
    }

    /** Notes something in the session, and then waits until it is stopped. */
    public static final class Notes {
        private final CountDownLatch called = new CountDownLatch(1);

        @Tool("Notes that the door is open")
        public String note(RunContext context) throws InterruptedException {
            context.sessionState().put("door", List.of("open", 1));
            called.countDown();
            new CountDownLatch(1).await();
            return "never";
        }
    }

    @Test
    void theNextProcessRemembersTheConversation() {
        agent(ScriptedModel.of("Hello, Ann 🐉")).build().run("I am Ann", SESSION);
        reopen();
        assertThat(nextTurn()).extracting(Message::content).containsExactly("I am Ann", "Hello, Ann 🐉", "And now?");
        reopen();
        assertThat(nextTurn()).hasSize(5);
        assertThat(store().runs("s")).hasSize(3);
    }

    @Test
    void historyIsTheLatestRunsOnly() {
        var model = ScriptedModel.always("ok");
        for (var i = 0; i < 5; i++) {
            agent(model).addHistory(2).build().run("turn " + i, SESSION);
        }
        assertThat(model.request(5).messages())
                .filteredOn(message -> message.role() == Role.USER)
                .extracting(Message::content)
                .containsExactly("turn 2", "turn 3", "turn 4");
    }

    @Test
    void aCancelledRunIsStoredWithItsCauseItsPartialTextAndValidMessages() throws Exception {
        var model = ScriptedModel.of(Script.tokens("Once", " upon").thenHang());
        var run = agent(model).build().start("Tell me", SESSION);
        model.awaitWaiting(1);
        await().until(() -> row(run.id()).text().equals("Once upon"));
        assertThat(row(run.id()).status()).isEqualTo(RunStatus.RUNNING);
        run.cancel(CancelRequest.now().reason("enough").actor("ann"));
        assertThat(run.await().stored()).isTrue();
        reopen();

        var row = row(run.id());
        assertThat(row.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row.text()).isEqualTo("Once upon");
        assertThat(row.cause()).isEqualTo(run.output().cause());
        assertThat(row.cause().kind()).isEqualTo(CancelKind.USER);
        assertThat(row.cause().reason()).isEqualTo("enough");
        assertThat(row.messages()).last().satisfies(message -> {
            assertThat(message.content()).isEqualTo("Once upon");
            assertThat(message.interrupted()).isTrue();
        });
        assertThat(row.endedAt()).isNotNull();
        assertThat(nextTurn()).anyMatch(message -> message.content().startsWith("Once upon"));
    }

    @Test
    void aRunStoppedInAToolLeavesItsStateAndAnAnswerToTheCall() throws Exception {
        var notes = new Notes();
        var model = ScriptedModel.of(Script.toolCall("note", "{}"));
        var run = agent(model).tools(notes).build().start("Open it", SESSION);
        notes.called.await();
        run.cancel();
        run.await();
        reopen();

        assertThat(store().session("s").orElseThrow().state()).containsEntry("door", List.of("open", 1));
        assertThat(row(run.id()).tools())
                .singleElement()
                .satisfies(tool -> assertThat(tool.toolName()).isEqualTo("note"));
        assertThat(nextTurn()).anyMatch(message -> message.role() == Role.TOOL && message.interrupted());
        var output = agent(ScriptedModel.of("I see")).build().run("Is it open?", SESSION);
        assertThat(output.sessionState()).containsEntry("door", List.of("open", 1));
    }

    @Test
    void aWorkflowIsStoredWithItsStepsAndTheRunsThatExecutedThem() {
        var writer = Agent.builder()
                .name("Writer")
                .model(ScriptedModel.of("A story"))
                .build();
        var workflow = Workflow.builder()
                .name("Article")
                .store(store())
                .steps(Step.of("plan", input -> StepOutput.of("A plan")), Step.of("write", writer))
                .build();
        var output = workflow.run("Dragons", SESSION);
        reopen();

        var row = row(output.runId());
        assertThat(row.source()).isEqualTo(ComponentKind.WORKFLOW);
        assertThat(row.steps()).isEqualTo(output.steps()).hasSize(2);
        assertThat(row.text()).isEqualTo("A story");
        var session = store().session("s").orElseThrow();
        assertThat(session.source()).isEqualTo(ComponentKind.WORKFLOW);
        assertThat(session.componentId()).isEqualTo("article");
        assertThat(store().runs(RunQuery.of("s").children(true)).items())
                .extracting(StoredRun::componentId)
                .startsWith("article");
    }

    @Test
    void aRunStopsThoughItsStoreIsStuckAndItsEndIsWrittenLater() throws Exception {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang());
        var run = agent(model).storeWait(Duration.ofMillis(50)).build().start("Tell me", SESSION);
        model.awaitWaiting(1);
        try (var stuck = locked()) {
            run.cancel();
            var output = run.await(Duration.ofSeconds(30));
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(output.stored()).isFalse();
            stuck.rollback();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(row(run.id()).status()).isEqualTo(RunStatus.CANCELLED));
        assertThat(row(run.id()).text()).isEqualTo("Once");
    }

    @Test
    void anIdThatCannotBeStoredIsRefusedAndHoldsUpNobody() {
        var bad = RunOptions.defaults().sessionId("a\uD83D");
        var model = ScriptedModel.always("ok");
        assertThatThrownBy(() -> agent(model).build().run("Go", bad)).hasStackTraceContaining("half a character");
        var output = agent(model).storeOptional(true).build().run("Go", bad);
        assertThat(output.stored()).isFalse();
        assertThat(agent(model).build().run("Go", SESSION).stored()).isTrue();
    }
}
