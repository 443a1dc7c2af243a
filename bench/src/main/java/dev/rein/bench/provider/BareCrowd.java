package dev.rein.bench.provider;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Bare requests, each read by a virtual thread of its own, stopped by as many threads as the kernel's pool has. */
public final class BareCrowd implements Crowd {
    private static final int STOPPERS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final HttpClient client;
    private final URI baseUrl;
    private final List<BareRequest> requests = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    public BareCrowd(HttpClient client, URI baseUrl) {
        this.client = client;
        this.baseUrl = baseUrl;
    }

    @Override
    public void add() {
        var request = BareRequest.send(client, baseUrl);
        requests.add(request);
        readers.add(Thread.startVirtualThread(() -> {
            try {
                request.read();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Override
    public Stopped stop() throws InterruptedException {
        var next = new AtomicInteger();
        var stopped = new CountDownLatch(STOPPERS);
        var startedAt = System.nanoTime();
        for (var i = 0; i < STOPPERS; i++) {
            Thread.ofPlatform().start(() -> {
                for (var at = next.getAndIncrement(); at < requests.size(); at = next.getAndIncrement()) {
                    requests.get(at).stop();
                }
                stopped.countDown();
            });
        }
        stopped.await();
        var calledAt = System.nanoTime();
        for (var reader : readers) {
            reader.join();
        }
        var endedAt = System.nanoTime();
        requests.clear();
        readers.clear();
        return new Stopped(startedAt, calledAt, endedAt);
    }
}
