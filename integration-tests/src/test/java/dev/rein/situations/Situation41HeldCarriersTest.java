package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.ToolSpec;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Virtual threads are not time-sliced, and native calls pin them: code of both kinds takes every carrier there is. */
class Situation41HeldCarriersTest {
    private static final int HOLDERS = 2 * Runtime.getRuntime().availableProcessors();
    private static final Duration GRACE = Duration.ofMillis(200);

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger holding = new AtomicInteger();

    @AfterEach
    void nothingIsHeldAnyLonger() {
        stop.set(true);
        Waiting.until("abandoned threads come back", () -> Runs.shared().abandonedThreads() == 0);
    }

    private List<Started> hold(ToolSpec tool) {
        var runs = new ArrayList<Started>();
        for (var i = 0; i < HOLDERS; i++) {
            var agent = Agent.builder()
                    .model(ScriptedModel.create().toolCall(tool.name(), "{}").answer("never asked for"))
                    .tools(tool)
                    .build();
            runs.add(Form.START.start(agent, "Hold"));
        }
        Waiting.until("all carriers are held", () -> holding.get() == HOLDERS);
        return runs;
    }

    private static void everythingElseGoesOn() {
        for (var form : Form.values()) {
            otherRunsStreamOn(form);
            timersFire(form);
            aCancelMeetsItsBound(form);
        }
    }

    private static void otherRunsStreamOn(Form form) {
        var talker = ScriptedModel.of(Script.text("a b c d e f g h i j k l").dripEvery(Duration.ofMillis(2)));
        assertThat(RunInvariants.check(form.start(Agent.of(talker, ""), "Talk")).isCompleted())
                .isTrue();
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.text("a b c d e f g h i j k l").dripEvery(Duration.ofMillis(2)));
            var run = form.start(Agent.of(Api.CHAT.at(provider), ""), "Talk");
            assertThat(RunInvariants.check(run).isCompleted()).isTrue();
        }
    }

    private static void timersFire(Form form) {
        var run = form.start(
                Agent.of(ScriptedModel.create().waitsForever(), ""),
                "Go",
                RunOptions.defaults().limits(Limits.none().deadline(Duration.ofMillis(50))));
        run.end(Waiting.SOON);
        var output = RunInvariants.checkCancelled(run);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DEADLINE);
    }

    private static void aCancelMeetsItsBound(Form form) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.text("Once upon a time").hangAfter(2));
            var run = form.start(Agent.of(Api.CHAT.at(provider), ""), "Go");
            run.awaitEvents(RunContent.class, 2);
            run.cancel(CancelRequest.now().grace(Waiting.NEVER));
            provider.awaitRequest(1).awaitClosed(Waiting.SOON);
            run.end(Waiting.SOON);
            assertThat(RunInvariants.checkCancelled(run).abandoned()).isEmpty();
        }
    }

    private static void cancellingTheHoldersEndsThem(List<Started> holders) {
        holders.forEach(run -> run.cancel(CancelRequest.now().grace(GRACE)));
        for (var run : holders) {
            run.end(Waiting.SOON);
            assertThat(RunInvariants.checkCancelled(run).abandoned()).hasSize(1);
        }
        assertThat(Runs.shared().abandonedThreads()).isEqualTo(HOLDERS);
    }

    @Test
    void twiceAsManyCpuLoopsAsCoresHoldUpNobodyElse() {
        var holders = hold(Tools.tool("burn", _ -> {
            holding.incrementAndGet();
            var end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
            while (!stop.get() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return "burnt";
        }));

        everythingElseGoesOn();
        cancellingTheHoldersEndsThem(holders);
        everythingElseGoesOn();
    }

    @Test
    void twiceAsManyNativeWaitsAsCoresHoldUpNobodyElse(@TempDir Path directory) throws SQLException {
        var url = "jdbc:sqlite:" + directory.resolve("busy.db");
        try (var owner = DriverManager.getConnection(url);
                var exclusive = owner.createStatement()) {
            exclusive.execute("begin exclusive");
            var holders = hold(Tools.tool("query", _ -> waitForTheDatabase(url)));

            everythingElseGoesOn();
            cancellingTheHoldersEndsThem(holders);
            everythingElseGoesOn();
            exclusive.execute("rollback");
        }
    }

    private String waitForTheDatabase(String url) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout = 40000");
            holding.incrementAndGet();
            statement.execute("begin immediate");
            statement.execute("rollback");
            return "got it";
        }
    }
}
