package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunContext;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation09ChildrenSpawnedDuringCancelTest {
    private static final int BEFORE = 50;
    private static final int AFTER = 50;

    private final ScriptedModel childModel =
            ScriptedModel.create().waitsForever().repeating();
    private final Agent child = Agent.of(childModel, "");
    private final List<RunHandle> children = new CopyOnWriteArrayList<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Gate done = new Gate();

    /** Starts children, looking at nothing, until it has started some after the cancel has returned. */
    private void spawn() {
        for (var after = 0; after < AFTER; ) {
            after += cancelled.get() ? 1 : 0;
            try {
                children.add(child.start("child " + children.size()));
            } catch (RuntimeException e) {
                // On purpose: it goes on whatever happens.
            }
        }
    }

    private String spawnInTool(RunContext context) {
        spawn();
        done.open();
        return "spawned";
    }

    private String spawnOnOtherThreads(RunContext context) throws InterruptedException {
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var i = 0; i < 2; i++) {
                threads.execute(context.wrap(this::spawn));
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            done.open();
        }
        return "spawned";
    }

    @ParameterizedTest
    @EnumSource
    void noChildRunsOnThoughATerribleToolNeverStopsStartingSome(Form form) throws Exception {
        cancelWhileSpawning(form, this::spawnInTool);
    }

    @ParameterizedTest
    @EnumSource
    void noChildRunsOnThatWasStartedOnAWrappedThread(Form form) throws Exception {
        cancelWhileSpawning(form, this::spawnOnOtherThreads);
    }

    private void cancelWhileSpawning(Form form, Tools.Code spawning) throws Exception {
        var parent = Agent.builder()
                .model(ScriptedModel.create().toolCall("spawn", "{}").answer("never asked for"))
                .tools(Tools.tool("spawn", spawning))
                .build();
        var run = form.start(parent, "Go");
        Waiting.until("children", () -> childModel.callsStarted() >= BEFORE);

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));
        cancelled.set(true);

        RunInvariants.checkCancelled(run);
        assertThat(children).hasSizeGreaterThan(BEFORE);
        for (var each : children) {
            var output = each.await(Waiting.LONG);
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.PARENT);
        }
        assertThat(childModel.callsOpen()).isZero();
        assertThat(Runs.shared().live()).noneMatch(live -> live.rootRunId().equals(run.id()));
    }

    @ParameterizedTest
    @EnumSource
    void aChildThatAnAbandonedToolStartsAfterTheEndIsBornCancelled(Form form) throws Exception {
        var deaf = new Gate();
        var parent = Agent.builder()
                .model(ScriptedModel.create().toolCall("deaf", "{}"))
                .tools(Tools.tool("deaf", _ -> {
                    deaf.passDeaf();
                    children.add(child.start("too late"));
                    return "ok";
                }))
                .build();
        var run = form.start(parent, "Go");
        deaf.awaitArrival();
        run.cancel(CancelRequest.now().grace(Duration.ofMillis(50)));
        RunInvariants.checkCancelled(run);

        deaf.open();
        Waiting.until("the late child", () -> !children.isEmpty());

        var late = children.getFirst().await(Waiting.LONG);
        assertThat(late.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(late.cause()).kind()).isEqualTo(CancelKind.PARENT);
        assertThat(childModel.callsStarted()).isZero();
        Waiting.until("the thread comes back", () -> Runs.shared().abandonedThreads() == 0);
    }
}
