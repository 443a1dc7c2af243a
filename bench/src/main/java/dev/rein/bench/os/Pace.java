package dev.rein.bench.os;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Descriptors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Open streams at twenty tokens a second each: how far apart tokens come, and whether any is missing. */
final class Pace implements Measurement {
    private static final int DRIP_MILLIS = 50;

    /** The slowest stream of all may take a tenth longer than its provider. */
    private static final double GOAL = 55;

    /** At most so many streams are opened a second. */
    private static final long APART_NANOS = 1_000_000;

    private final int wanted;
    private final int tokens;
    private final int warmUps;
    private final boolean judged;
    private final Stage stage;

    /** @param judged whether they must keep their pace, and not only lose nothing */
    Pace(int wanted, int tokens, int warmUps, boolean judged, Stage stage) {
        this.wanted = wanted;
        this.tokens = tokens;
        this.warmUps = warmUps;
        this.judged = judged;
        this.stage = stage;
    }

    @Override
    public String title() {
        return wanted + " streams at 20 tokens a second";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var count = Descriptors.fit(2 * wanted, notes) / 2;
        for (var i = 0; i < warmUps; i++) {
            // The first half minute compiles code, with half of a core.
            round(count, tokens);
        }
        var text = text(tokens);
        var streams = round(count, tokens);
        var gaps = new Samples();
        var paces = new Samples();
        var lost = new Samples();
        for (var stream : streams) {
            lost.add(Math.max(missing(text, stream.text()), 0));
            add(stream.tokensAt(), gaps, paces);
        }
        var name = "streams/" + count;
        return List.of(
                Row.of(OsGroup.NAME, name + "/between_tokens", "ms", gaps, null, Statistic.P99, null),
                Row.of(
                        OsGroup.NAME,
                        name + "/pace_of_a_stream",
                        "ms",
                        paces,
                        null,
                        Statistic.MAX,
                        judged ? GOAL : null),
                Row.of(OsGroup.NAME, name + "/lost", "tokens", lost, null, Statistic.MAX, 0.0));
    }

    private static String text(int tokens) {
        return IntStream.range(0, tokens).mapToObj(i -> " w" + i).collect(Collectors.joining());
    }

    /** @return the streams, read to their end */
    private List<OpenStream> round(int count, int length) throws IOException, InterruptedException {
        stage.provider().script("{\"text\":\"" + text(length) + "\",\"dripMillis\":" + DRIP_MILLIS + "}");
        var done = new CountDownLatch(count);
        var streams = new ArrayList<OpenStream>();
        var next = System.nanoTime();
        for (var i = 0; i < count; i++) {
            streams.add(OpenStream.open(stage.agentOs(), Stage.WRITER, "pace-" + i, length, done));
            next += APART_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
        for (var stream : streams) {
            stream.await();
        }
        return streams;
    }

    /** How many tokens are missing; at least 1 if what came is something else. */
    private static int missing(String text, String came) {
        return text.equals(came) ? 0 : Math.max(1, words(text) - words(came));
    }

    private static int words(String text) {
        return (int) text.chars().filter(c -> c == ' ').count();
    }

    private static void add(List<Long> at, Samples gaps, Samples paces) {
        for (var i = 1; i < at.size(); i++) {
            gaps.add((Objects.requireNonNull(at.get(i)) - at.get(i - 1)) / 1e6);
        }
        if (at.size() > 1) {
            paces.add((at.getLast() - at.getFirst()) / 1e6 / (at.size() - 1));
        }
    }
}
