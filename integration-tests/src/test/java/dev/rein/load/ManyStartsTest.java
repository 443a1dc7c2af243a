package dev.rein.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many streams that are started at the same moment. */
class ManyStartsTest {
    @Test
    void allReachTheProvider() throws Exception {
        startAtOnce(100, 1);
    }

    @Test
    @Tag("thorough")
    void twoThousandReachTheProviderEachTime() throws Exception {
        startAtOnce(2_000, 3);
    }

    private void startAtOnce(int streams, int times) throws Exception {
        try (var provider = FakeProvider.builder().backlog(streams).start();
                var server = LoadServer.start("", provider.baseUrl())) {
            provider.byDefault(Script.text("one two").thenHang());
            for (var round = 0; round < times; round++) {
                provider.reset();
                provider.byDefault(Script.text("one two").thenHang());
                once(server, provider, streams);
                try (var cancel = RawClient.connect(server.port())) {
                    cancel.send(RawClient.post("/runs/cancel", "all=true&wait=60000"));
                    assertThat(cancel.head()).contains(" 200 ");
                }
            }
            assertThat(server.isAlive()).isTrue();
        }
    }

    private static void once(LoadServer server, FakeProvider provider, int streams) throws Exception {
        var start = new CountDownLatch(1);
        var clients = new ArrayList<RawClient>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = new ArrayList<java.util.concurrent.Future<RawClient>>();
            for (var i = 0; i < streams; i++) {
                begun.add(threads.submit((Callable<RawClient>) () -> {
                    start.await();
                    var client = RawClient.connect(server.port());
                    client.send(RawClient.post("/agents/talker/runs", "message=hi"));
                    var head = client.head();
                    assertThat(head).as(() -> client.rest()).startsWith("HTTP/1.1 200 ");
                    client.until("event: RunContent");
                    return client;
                }));
            }
            start.countDown();
            for (var each : begun) {
                clients.add(each.get());
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
        assertThat(provider.requestCount()).isEqualTo(streams);
    }
}
