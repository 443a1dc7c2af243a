package dev.rein.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.ComponentKind;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ListenerChannelTest {
    private static RunInfo run(String id) {
        return new RunInfo(id, id, null, ComponentKind.AGENT, "agent", null, null, null, null, Map.of(), Instant.EPOCH);
    }

    @Test
    void aFlushDeliversNotificationsThatNobodyHasWokenTheChannelForYet() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        var channel = ListenerChannel.of(new RunListener() {
            @Override
            public void runStarted(RunInfo run) {
                heard.add(run.runId());
            }
        });
        channel.runStarted(run("one"));
        channel.runStarted(run("two"));

        ListenerChannel.flush(List.of((ListenerChannel) channel), Duration.ofSeconds(20));

        assertThat(heard).containsExactly("one", "two");
    }
}
