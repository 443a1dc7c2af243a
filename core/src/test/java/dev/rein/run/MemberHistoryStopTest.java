package dev.rein.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import dev.rein.model.ToolCall;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.Page;
import dev.rein.session.RunQuery;
import dev.rein.session.StoredRun;
import dev.rein.team.Team;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stop while a member's own history is read from a store that does not answer. */
class MemberHistoryStopTest {
    @Test
    void aStopEndsTheWaitForAMembersHistory() throws Exception {
        var asked = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var store = new TestStore(new InMemorySessionStore()) {
            @Override
            public Page<StoredRun> runs(RunQuery query) {
                if (query.children()) {
                    asked.countDown();
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                return super.runs(query);
            }
        };
        var member = TestModel.of(TestModel.says("Paris"));
        var leader = TestModel.of(TestModel.calls(
                new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"ann\",\"task\":\"Go\"}")));
        var team = Team.builder()
                .model(leader)
                .store(store)
                .members(Agent.builder()
                        .id("ann")
                        .model(member)
                        .store(store)
                        .addHistory(3)
                        .build())
                .build();
        try {
            var run = team.start("Where to?", RunOptions.defaults().sessionId("s"));
            assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
            run.cancel();
            assertThat(run.await(Duration.ofMinutes(1)).status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(member.requests()).isEmpty();
        } finally {
            released.countDown();
        }
    }
}
