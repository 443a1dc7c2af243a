package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.GrowingLimit;
import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Agents that are run inside tools are children of the calling run. */
class SubAgentTest {
    private static final RunOptions IN_SESSION =
            RunOptions.defaults().sessionId("s-sub").userId("u-sub");

    private final AtomicReference<RunOutput> childOutput = new AtomicReference<>();

    /** An agent that calls its only tool once and then answers. */
    private static Agent leader(TestTools.Code code) {
        return Agent.builder()
                .name("Leader")
                .model(TestModel.of(calls("ask"), says("All done")))
                .tools(tool("ask", code))
                .build();
    }

    private static Agent member(TestModel.Turn... turns) {
        return Agent.builder().name("Member").model(TestModel.of(turns)).build();
    }

    private RunOutput child() {
        return Objects.requireNonNull(childOutput.get());
    }

    @Test
    void aSubAgentIsAChildAndItsEventsAreInItsParentsStream() throws Exception {
        var member = member(says("From below"));
        var run = leader(context -> {
                    childOutput.set(member.run("Ask"));
                    return child().text();
                })
                .start("Go", IN_SESSION);
        var output = Events.end(run);
        var events = Events.of(run);

        assertThat(child().parentRunId()).isEqualTo(run.id());
        assertThat(child().sessionId()).isEqualTo("s-sub");
        assertThat(child().userId()).isEqualTo("u-sub");
        assertThat(output.parentRunId()).isNull();
        assertThat(Events.names(events))
                .containsExactly(
                        "RunStarted",
                        "ModelRequestStarted",
                        "ModelRequestCompleted",
                        "ToolCallStarted",
                        "RunStarted",
                        "ModelRequestStarted",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted",
                        "ToolCallCompleted",
                        "ModelRequestStarted",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted");
        assertThat(events)
                .extracting(RunEvent::index)
                .isEqualTo(LongStream.range(0, events.size()).boxed().toList());
        assertThat(events)
                .allSatisfy(
                        event -> assertThat(event.meta().origin().rootRunId()).isEqualTo(run.id()));
        assertThat(Events.ofRun(child().runId(), events)).hasSize(6).allSatisfy(event -> {
            assertThat(event.meta().origin().depth()).isEqualTo(1);
            assertThat(event.parentRunId()).isEqualTo(run.id());
            assertThat(event.meta().origin().componentId()).isEqualTo("member");
        });
        assertThat(Events.only(Terminal.class, events))
                .extracting(Terminal::isRoot)
                .containsExactly(false, true);
        assertThat(output.text()).as("its own text only").isEqualTo("All done");
        assertThat(output.metrics().modelCalls()).as("its own calls only").isEqualTo(2);
    }

    @Test
    void aStopAtTheTopEndsEveryLevelWithItsPartialTextChildrenFirst() throws Exception {
        var grandchild = member(saysAndHangs("deep ", "down"));
        var middle = leader(context -> grandchild.run("Ask").text());
        var run = leader(context -> middle.run("Ask").text()).start("Go");
        var reader = run.events();
        for (var event : reader) {
            if (event.name().equals("RunContent") && event.meta().origin().depth() == 2) {
                run.cancel(CancelRequest.now().reason("enough").actor("ops"));
                break;
            }
        }
        reader.close();
        var output = Events.end(run);
        var ends = Events.only(Terminal.class, Events.of(run));
        assertThat(ends).hasSize(3).allSatisfy(end -> assertThat(end).isInstanceOf(RunCancelled.class));
        assertThat(ends).extracting(end -> end.meta().origin().depth()).containsExactly(2, 1, 0);
        var causes = Events.only(RunCancelled.class, Events.of(run)).stream()
                .map(RunCancelled::cause)
                .toList();
        assertThat(causes)
                .extracting(cause -> cause.kind())
                .containsExactly(CancelKind.PARENT, CancelKind.PARENT, CancelKind.USER);
        assertThat(causes).allSatisfy(cause -> assertThat(cause.actor()).isEqualTo("ops"));
        assertThat(causes)
                .extracting(cause -> cause.reason())
                .containsExactly(
                        "run " + run.id() + " was stopped: enough",
                        "run " + run.id() + " was stopped: enough",
                        "enough");
        assertThat(Events.only(RunCancelled.class, Events.of(run)).getFirst().content())
                .startsWith("deep ");
        assertThat(output.cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.reason()).isEqualTo("enough"));
        assertThat(Runs.shared().live()).extracting(LiveRun::rootRunId).doesNotContain(run.id());
    }

    @Test
    void aChildCancelledAloneDoesNotCancelItsParentWhichIsTold() throws Exception {
        var member = member(saysAndHangs("a part"));
        var model = TestModel.of(calls("ask"), says("Went on without"));
        var run = Agent.builder()
                .model(model)
                .tools(tool("ask", context -> {
                    childOutput.set(member.run("Ask"));
                    return child().status() + ": " + child().text();
                }))
                .build()
                .start("Go");
        cancelChildOnceItSpoke(run);
        var output = Events.end(run);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.cause()).isNull();
        assertThat(child().isCancelled()).isTrue();
        assertThat(child().cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.kind()).isEqualTo(CancelKind.USER));
        assertThat(model.told(1).content()).isEqualTo("CANCELLED: a part");
    }

    private static void cancelChildOnceItSpoke(RunHandle run) {
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("RunContent") && event.meta().origin().depth() == 1) {
                    Runs.shared().cancel(event.runId(), CancelRequest.now());
                    return;
                }
            }
        }
    }

    @Test
    void aParentThatFailsStopsTheChildrenThatAreLeft() throws Exception {
        var member = member(saysAndHangs("half"));
        var gate = new Gate();
        var run = Agent.builder()
                .model(TestModel.of(says("x")))
                .before("start one and fail", (input, context) -> {
                    var started = member.start("Ask");
                    for (var event : started.events()) {
                        if (event.name().equals("RunContent")) {
                            break;
                        }
                    }
                    gate.open();
                    throw new IllegalStateException("broken");
                })
                .build()
                .start("Go");
        assertThat(Events.end(run).isError()).isTrue();
        assertThat(Events.only(RunCancelled.class, Events.of(run)))
                .singleElement()
                .satisfies(end -> {
                    assertThat(end.cause().kind()).isEqualTo(CancelKind.PARENT);
                    assertThat(end.cause().reason()).isEqualTo("run " + run.id() + " failed: broken");
                    assertThat(end.content()).isEqualTo("half");
                });
        assertThat(Events.names(run)).endsWith("RunCancelled", "RunError");
    }

    @Test
    void aRunWaitsForTheChildrenThatItsToolsLeftRunning() throws Exception {
        var gate = new Gate();
        var member = member((request, call) -> {
            gate.pass();
            return says("late").respond(request, call);
        });
        var run = leader(context -> member.start("Ask").id()).start("Go");
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("RunContentCompleted")
                        && event.meta().origin().depth() == 0) {
                    gate.open();
                }
            }
        }
        assertThat(Events.end(run).isCompleted()).isTrue();
        assertThat(Events.only(Terminal.class, Events.of(run)))
                .extracting(Terminal::isRoot)
                .containsExactly(false, true);
    }

    @Test
    void childrenThatAToolLeftRunningAreStoppedWithTheRun() throws Exception {
        var member = member(saysAndHangs("left behind"));
        var run = Agent.builder()
                .model(TestModel.of(calls("ask"), saysAndHangs("thinking")))
                .tools(tool("ask", context -> member.start("Ask").id()))
                .build()
                .start("Go");
        var seen = new boolean[2];
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("RunContent")) {
                    seen[event.meta().origin().depth()] = true;
                    if (seen[0] && seen[1]) {
                        break;
                    }
                }
            }
        }
        run.cancel();
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(Events.only(RunCancelled.class, Events.of(run)))
                .extracting(end -> end.cause().kind())
                .containsExactly(CancelKind.PARENT, CancelKind.USER);
    }

    @Test
    void wrappedCodeOnAnotherThreadBelongsToTheRun() throws Exception {
        var member = member(says("x"));
        try (var executor = Executors.newSingleThreadExecutor()) {
            var run = leader(context -> {
                        Callable<String> callable = () -> parentOf(member.run("Ask"));
                        var byCallable = executor.submit(context.wrap(callable)).get(20, TimeUnit.SECONDS);
                        var byRunnable = new CompletableFuture<String>();
                        executor.execute(context.wrap(() -> {
                            byRunnable.complete(parentOf(member.run("Ask")));
                        }));
                        var byExecutor = CompletableFuture.supplyAsync(
                                () -> parentOf(member.run("Ask")), context.wrap(executor));
                        return List.of(
                                byCallable, byRunnable.get(20, TimeUnit.SECONDS), byExecutor.get(20, TimeUnit.SECONDS));
                    })
                    .start("Go");
            var output = Events.end(run);
            assertThat(output.tools().getFirst().result())
                    .isEqualTo("[\"%1$s\",\"%1$s\",\"%1$s\"]".formatted(run.id()));
        }
    }

    private static String parentOf(RunOutput output) {
        return String.valueOf(output.parentRunId());
    }

    @Test
    void aRunStartedOnAnUnwrappedThreadIsARoot() throws Exception {
        var member = member(says("x"));
        try (var executor = Executors.newSingleThreadExecutor()) {
            var run = leader(context -> {
                        Callable<RunOutput> plain = () -> member.run("Ask");
                        return parentOf(executor.submit(plain).get(20, TimeUnit.SECONDS));
                    })
                    .start("Go");
            assertThat(Events.end(run).tools().getFirst().result()).isEqualTo("null");
            assertThat(Events.only(RunStarted.class, Events.of(run))).hasSize(1);
        }
    }

    @Test
    void aParentMayBeNamedInTheOptions() throws Exception {
        var member = member(says("x"));
        try (var executor = Executors.newSingleThreadExecutor()) {
            var run = leader(context -> {
                        Callable<RunOutput> plain =
                                () -> member.run("Ask", RunOptions.defaults().parent(context));
                        return parentOf(executor.submit(plain).get(20, TimeUnit.SECONDS));
                    })
                    .start("Go");
            assertThat(Events.end(run).tools().getFirst().result()).isEqualTo(run.id());
            assertThat(Events.only(RunStarted.class, Events.of(run))).hasSize(2);
        }
    }

    @Test
    void aChildOfAnEndedParentLeavesNoTrace() throws Exception {
        var context = new AtomicReference<RunContext>();
        var runs = Runs.create();
        Events.end(Agent.builder()
                .runs(runs)
                .model(TestModel.of(calls("keep"), says("Done")))
                .tools(tool("keep", own -> {
                    context.set(own);
                    return "kept";
                }))
                .build()
                .start("Go"));
        var store = new InMemorySessionStore();
        var cleaned = new AtomicBoolean();
        var listener = new CountDownLatch(1);
        var late = Agent.builder()
                .runs(runs)
                .name("Late")
                .model(TestModel.of())
                .store(store)
                .onCancel((_, _) -> cleaned.set(true))
                .build()
                .start("Go", IN_SESSION.parent(Objects.requireNonNull(context.get())));
        late.onEnd(_ -> listener.countDown());

        assertThat(late.status()).as("at once").isEqualTo(RunStatus.CANCELLED);
        assertThat(runs.live()).isEmpty();
        assertThat(runs.handle(late.id())).isEmpty();
        assertThat(late.await().isCancelled()).isTrue();
        assertThat(listener.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(cleaned).as("nothing starts for it").isFalse();
        assertThat(store.run(late.id())).isEmpty();
        runs.close();
    }

    @Test
    void aChildOfAnEndedParentIsBornCancelled() throws Exception {
        var context = new AtomicReference<RunContext>();
        var run = leader(inside -> {
                    context.set(inside);
                    return "kept";
                })
                .start("Go");
        Events.end(run);
        var model = TestModel.of(says("x"));
        var late =
                Agent.of(model, "").start("Ask", RunOptions.defaults().parent(Objects.requireNonNull(context.get())));
        var output = Events.end(late);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.parentRunId()).isEqualTo(run.id());
        assertThat(output.cause()).isNotNull().satisfies(cause -> {
            assertThat(cause.kind()).isEqualTo(CancelKind.PARENT);
            assertThat(cause.reason()).contains(run.id());
        });
        assertThat(Events.names(late)).containsExactly("RunStarted", "RunCancelled");
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void aSubAgentStartedByCodeThatIsStoppedAlreadyNeverWorks() throws Exception {
        var gate = new Gate();
        var model = TestModel.of(says("never"));
        var run = leader(context -> {
                    gate.passDeaf();
                    childOutput.set(Agent.of(model, "").run("Ask"));
                    return "not used";
                })
                .start("Go");
        gate.awaitReached();
        run.cancel();
        gate.open();
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(child().isCancelled()).isTrue();
        assertThat(child().parentRunId()).isEqualTo(run.id());
        assertThat(Events.ofRun(child().runId(), Events.of(run)))
                .extracting(RunEvent::name)
                .containsExactly("RunStarted", "RunCancelled");
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void childrenSpawnedWhileTheirParentIsStoppedAreAllOver() throws Exception {
        var started = new CountDownLatch(20);
        var member = member(saysAndHangs("x"));
        var run = leader(context -> {
                    for (var n = 0; n < 2_000 && !Thread.currentThread().isInterrupted(); n++) {
                        member.start("Ask");
                        started.countDown();
                    }
                    return "not used";
                })
                .start("Go");
        assertThat(started.await(1, TimeUnit.MINUTES)).isTrue();
        run.cancel();
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(Runs.shared().live()).extracting(LiveRun::rootRunId).doesNotContain(run.id());
        var events = Events.of(run);
        assertThat(Events.only(Terminal.class, events)).hasSameSizeAs(Events.only(RunStarted.class, events));
    }

    @Test
    void theStreamOfASubAgentInsideAToolHasItsOwnEventsOnly() throws Exception {
        var member = member(says("a", "b"));
        var run = leader(context -> {
                    try (var stream = member.stream("Ask")) {
                        return Events.names(Events.rest(stream));
                    }
                })
                .start("Go");
        assertThat(Events.end(run).tools().getFirst().result())
                .isEqualTo("[\"RunStarted\",\"ModelRequestStarted\",\"RunContent\",\"RunContent\","
                        + "\"ModelRequestCompleted\",\"RunContentCompleted\",\"RunCompleted\"]");
    }

    @Test
    void aGrandchildsEventsAreNotLostWhenReadingOfItsGrandparentResumes() throws Exception {
        var gate = new Gate();
        var grandchild = member((request, call) -> {
            call.text("one ");
            gate.pass();
            call.text("two");
            return says().respond(request, call);
        });
        var child = leader(context -> grandchild.run("Ask").text());
        var middle = leader(context -> child.run("Ask").text());
        var run = leader(context -> {
                    var started = middle.start("Ask");
                    gate.awaitReached();
                    var last = lastIndex(started);
                    gate.open();
                    try (var resumed = started.events(last)) {
                        return Events.names(Events.rest(resumed));
                    }
                })
                .start("Go");
        assertThat(Events.end(run).tools().getFirst().result())
                .startsWith("[\"RunContent\",\"ModelRequestCompleted\",\"RunContentCompleted\",\"RunCompleted\","
                        + "\"ToolCallCompleted\"");
    }

    /** Returns the index of the grandchild's content. */
    private static long lastIndex(RunHandle run) {
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("RunContent") && event.meta().origin().depth() == 3) {
                    return event.index();
                }
            }
        }
        throw new AssertionError("no content");
    }

    @Test
    void aWaitForAChildEndsWithAStopOfTheParentThoughTheChildIsDeaf() throws Exception {
        var gate = new Gate();
        var member = Agent.builder()
                .model(TestModel.of(calls("deaf"), says("x")))
                .tools(TestTools.deaf("deaf", gate))
                .build();
        var run = leader(context -> member.run("Ask").text()).start("Go");
        try {
            gate.awaitReached();
            run.cancel(CancelRequest.now().grace(Duration.ofMillis(100)));
            var output = Events.end(run);
            assertThat(output.isCancelled()).isTrue();
            var ends = Events.only(RunCancelled.class, Events.of(run));
            assertThat(ends).hasSize(2);
            assertThat(ends.getFirst().abandoned())
                    .singleElement()
                    .satisfies(left -> assertThat(left.what()).isEqualTo("tool deaf"));
            assertThat(ends.getLast().abandoned()).isEmpty();
        } finally {
            gate.open();
        }
    }

    @Test
    void aDeafChildThatATimedOutToolLeftBehindIsAbandonedAfterItsGrace() throws Exception {
        var ends = GrowingLimit.play(SubAgentTest::endsOfADeafChildWhoseToolTimesOut, seen -> !seen.isEmpty());
        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.abandoned()).extracting(AbandonedThread::what).containsExactly("tool deaf");
            assertThat(end.cause().reason()).startsWith("tool ask was stopped: tool ask did not end within ");
        });
    }

    /** The ends of its child; none if the limit was over before the child's deaf tool had begun. */
    private static List<RunCancelled> endsOfADeafChildWhoseToolTimesOut(Duration limit) throws InterruptedException {
        var gate = new Gate();
        var member = Agent.builder()
                .model(TestModel.of(calls("deaf"), says("x")))
                .tools(TestTools.deaf("deaf", gate))
                .build();
        var run = Agent.builder()
                .model(TestModel.of(calls("ask"), says("Went on")))
                .tools(tool("ask", context -> member.start("Ask").await().text()))
                .limits(Limits.none().tool(limit))
                .build()
                .start("Go");
        try {
            assertThat(Events.end(run).isCompleted()).isTrue();
            return gate.isReached() ? Events.only(RunCancelled.class, Events.of(run)) : List.of();
        } finally {
            gate.open();
        }
    }

    @Test
    void awaitingAChildWithATimeoutInAToolIsEndedByAStop() throws Exception {
        var member = member(saysAndHangs("x"));
        var run = leader(context -> {
                    assertThatThrownBy(() -> member.start("Ask").await(Duration.ofMinutes(1)))
                            .isInstanceOf(InterruptedException.class);
                    return "not used";
                })
                .start("Go");
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("RunContent")) {
                    run.cancel();
                }
            }
        }
        assertThat(Events.end(run).abandoned()).isEmpty();
    }
}
