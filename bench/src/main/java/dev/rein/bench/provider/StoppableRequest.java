package dev.rein.bench.provider;

import java.net.URI;
import java.net.http.HttpClient;

/** A bare request; its reader knows of the stop when its read fails. */
final class StoppableRequest implements Stoppable {
    private final BareRequest request;
    private final Thread reader;
    private volatile long stoppedAt;

    private StoppableRequest(BareRequest request) {
        this.request = request;
        this.reader = Thread.ofPlatform().daemon().name("bench-reader").unstarted(this::read);
    }

    static StoppableRequest start(HttpClient client, URI baseUrl) {
        var started = new StoppableRequest(BareRequest.send(client, baseUrl));
        started.reader.start();
        return started;
    }

    private void read() {
        try {
            request.read();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stoppedAt = System.nanoTime();
    }

    @Override
    public long progress() {
        return request.bytes();
    }

    @Override
    public void stop() {
        request.stop();
    }

    @Override
    public long awaitStopped() throws InterruptedException {
        reader.join();
        return stoppedAt;
    }
}
