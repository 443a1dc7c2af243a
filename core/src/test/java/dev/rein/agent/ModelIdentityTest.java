package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.counted;
import static dev.rein.agent.TestModel.fails;
import static dev.rein.agent.TestModel.rateLimited;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.internal.stop.HeldLocks;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Pricing;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import dev.rein.run.RunListener;
import dev.rein.runtime.Limits;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Id, provider and prices of a model are user code, which may block: nobody asks for them under the lock of a tree. */
class ModelIdentityTest {
    private final Runs runs = Runs.create();
    private final AtomicInteger asked = new AtomicInteger();
    private final ConcurrentLinkedQueue<AssertionError> underLock = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        runs.close();
    }

    /** Tells of each call that is made under a lock. */
    private final class Watching implements Model {
        private final TestModel model;

        Watching(String id, TestModel.Turn... turns) {
            model = TestModel.named(id, turns).priced(1, 1);
        }

        private <T> T watched(T value) {
            asked.incrementAndGet();
            if (!HeldLocks.none()) {
                underLock.add(new AssertionError("called under a lock"));
            }
            return value;
        }

        @Override
        public String id() {
            return watched(model.id());
        }

        @Override
        public String provider() {
            return watched(model.provider());
        }

        @Override
        public @Nullable Pricing pricing() {
            return watched(model.pricing());
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            return watched(model).respond(request, call);
        }
    }

    private AgentBuilder agent(String name, Model model) {
        return Agent.builder()
                .name(name)
                .runs(runs)
                .store(new InMemorySessionStore())
                .limits(Limits.none()
                        .cost(1_000)
                        .firstToken(Duration.ofHours(1))
                        .idle(Duration.ofHours(1)))
                .model(model);
    }

    private void assertNoneUnderLock() {
        assertThat(asked.get()).isPositive();
        assertThat(underLock).isEmpty();
    }

    @Test
    void whileARunRetriesFallsBackAndCallsTools() throws Exception {
        runs.addListener(new RunListener() {});
        var agent = agent(
                        "Retrying",
                        new Watching(
                                "first",
                                rateLimited(Duration.ofMillis(1)),
                                counted(Usage.of(10, 5), calls("look")),
                                fails(Kind.AUTHENTICATION, "no key")))
                .fallbacks(new Watching("second", counted(Usage.of(1, 1), says("done"))))
                .tools(tool("look", _ -> "seen"))
                .build();
        var run = agent.start("Go");
        assertThat(Events.end(run).text()).isEqualTo("done");
        assertNoneUnderLock();
    }

    @Test
    void whileARunIsStopped() throws Exception {
        var run = agent("Stopped", new Watching("first", saysAndHangs("a part")))
                .build()
                .start("Go");
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("RunContent")) {
                    run.cancel();
                }
            }
        }
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertNoneUnderLock();
    }

    @Test
    void whileALeaderDelegates() throws Exception {
        var member = agent("Member", new Watching("member", says("helped"))).build();
        var leader = new Watching(
                "leader",
                calls(new ToolCall("c1", "delegate_task_to_member", "{\"member_id\": \"member\", \"task\": \"Help\"}")),
                says("done"));
        var team = Team.builder()
                .runs(runs)
                .model(leader)
                .members(member)
                .store(new InMemorySessionStore())
                .build();
        assertThat(Events.end(team.start("Go")).memberResponses()).hasSize(1);
        assertNoneUnderLock();
    }
}
