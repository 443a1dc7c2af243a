package dev.rein.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The most recent exchanges of a provider. Thread-safe. */
final class ExchangeLog {
    private final int kept;
    private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();
    private int received;

    ExchangeLog(int kept) {
        this.kept = kept;
    }

    synchronized Exchange add(@Nullable ReceivedRequest request) {
        var exchange = new Exchange(++received, System.nanoTime(), request);
        exchanges.add(exchange);
        if (exchanges.size() > kept) {
            exchanges.removeFirst();
        }
        notifyAll();
        return exchange;
    }

    synchronized List<Exchange> all() {
        return List.copyOf(exchanges);
    }

    synchronized int received() {
        return received;
    }

    synchronized void clear() {
        exchanges.clear();
        received = 0;
    }

    synchronized Exchange await(int number, Duration atMost) {
        if (number < 1) {
            throw new IllegalArgumentException("number is " + number + ": requests are counted from 1");
        }
        MonitorWaits.until(
                this, atMost, () -> received >= number, () -> "request " + number + ": only " + received + " arrived");
        return exchanges.stream()
                .filter(e -> e.number() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("request " + number
                        + " is no longer kept, only the last " + kept + " are: see FakeProvider.Builder.keep"));
    }
}
