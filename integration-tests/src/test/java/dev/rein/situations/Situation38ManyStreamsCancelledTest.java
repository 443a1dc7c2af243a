package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.openai.OpenAIChat;
import dev.rein.os.AgentOS;
import dev.rein.runtime.Runs;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.Script;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class Situation38ManyStreamsCancelledTest {
    private static final int STREAMS = 500;

    @Test
    void allEndAndNothingIsLeft() throws Exception {
        try (var provider = FakeProvider.builder().backlog(STREAMS).start()) {
            provider.byDefault(Script.text("one ").thenHang());
            var model = OpenAIChat.builder()
                    .id("fake")
                    .baseUrl(provider.baseUrl())
                    .apiKey("none")
                    .build();
            var os = AgentOS.builder()
                    .name("Situations")
                    .port(0)
                    .agents(Agent.builder().name("Talker").model(model).build())
                    .build()
                    .start();
            once(os, provider, 5);
            var leaks = LeakCheck.begin();
            once(os, provider, STREAMS);
            leaks.verify(Waiting.LONG);
            os.close();
        }
    }

    private static void once(AgentOS os, FakeProvider provider, int streams) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<RawHttp>();
            for (var i = 0; i < streams; i++) {
                clients.add(RawHttp.post(os.port(), "/agents/talker/runs", "message=hi"));
            }
            clients.forEach(client -> client.until("RunContent"));
            var ends = new ArrayList<Future<RawHttp.Frame>>();
            clients.forEach(client -> ends.add(threads.submit(() -> client.until("RunCancelled"))));
            try (var answer = RawHttp.post(os.port(), "/runs/cancel", "all=true")) {
                assertThat(answer.json().path("results")).hasSize(streams);
            }
            for (var end : ends) {
                assertThat(end.get()).isNotNull();
            }
            clients.forEach(RawHttp::close);
            assertThat(Runs.shared().live()).isEmpty();
            Awaitility.await("the provider's sockets are closed").until(provider::openConnections, open -> open == 0);
        }
    }
}
