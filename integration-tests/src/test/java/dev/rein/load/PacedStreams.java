package dev.rein.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Streams of a client that reads them as they come, and the longest silence of each between two words. */
final class PacedStreams implements AutoCloseable {
    private final List<Reader> readers = new ArrayList<>();

    /** @return when all have received their first word */
    static PacedStreams open(int port, int streams) throws IOException, InterruptedException {
        var all = new PacedStreams();
        var first = new CountDownLatch(streams);
        for (var i = 0; i < streams; i++) {
            var client = RawClient.connect(port);
            client.send(RawClient.post("/agents/pacer/runs", "message=hi"));
            var reader = new Reader(client, first);
            all.readers.add(reader);
            Thread.ofVirtual().start(reader);
        }
        first.await();
        return all;
    }

    /** Begins a new measurement. */
    void mark() {
        readers.forEach(Reader::mark);
    }

    /** The longest silence since the mark, including one that lasts. */
    Duration longestSilence() {
        return Duration.ofNanos(
                readers.stream().mapToLong(Reader::longestSilence).max().orElse(0));
    }

    /** Number of streams that have ended. */
    long ended() {
        return readers.stream().filter(reader -> reader.ended).count();
    }

    @Override
    public void close() throws IOException {
        for (var reader : readers) {
            reader.client.close();
        }
    }

    private static final class Reader implements Runnable {
        private final RawClient client;
        private final CountDownLatch first;
        private long last;
        private long longest;
        private volatile boolean ended;

        Reader(RawClient client, CountDownLatch first) {
            this.client = client;
            this.first = first;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    client.until("event: RunContent");
                    received();
                    first.countDown();
                }
            } catch (IOException e) {
                ended = true;
            }
        }

        private synchronized void received() {
            var now = System.nanoTime();
            longest = last == 0 ? 0 : Math.max(longest, now - last);
            last = now;
        }

        synchronized void mark() {
            longest = 0;
            last = System.nanoTime();
        }

        synchronized long longestSilence() {
            return Math.max(longest, System.nanoTime() - last);
        }
    }
}
