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

    /** A reader sees a pause of two tokens' time; a stall followed by a burst must not pass. */
    private static final double GOAL_P99 = 100;

    private static final double GOAL_LONGEST = 500;

    private static final double GOAL_FIRST = 500;

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
            round(stage.agentOs(), Stage.WRITER, count, tokens);
        }
        var ours = new Measured();
        ours.add(round(stage.agentOs(), Stage.WRITER, count, tokens), text(tokens));
        var bare = new Measured();
        try (var server = ServerProcess.start("bare", stage.provider().baseUrl())) {
            for (var i = 0; i < warmUps; i++) {
                round(server, "", count, tokens);
            }
            bare.add(round(server, "", count, tokens), text(tokens));
        }
        var name = "streams/" + count;
        return List.of(
                row(name + "/first_token", ours.first, bare.first, Statistic.P99, GOAL_FIRST),
                row(name + "/between_tokens", ours.gaps, bare.gaps, Statistic.P50, GOAL),
                row(name + "/between_tokens", ours.gaps, bare.gaps, Statistic.P99, GOAL_P99),
                row(name + "/longest_pause", ours.longest, bare.longest, Statistic.P99, GOAL_LONGEST),
                row(name + "/pace_of_a_stream", ours.paces, bare.paces, Statistic.MAX, GOAL),
                Row.of(OsGroup.NAME, name + "/lost", "tokens", ours.lost, bare.lost, Statistic.MAX, 0.0));
    }

    private Row row(String name, Samples samples, Samples floor, Statistic statistic, double goal) {
        return Row.of(OsGroup.NAME, name, "ms", samples, floor, statistic, judged ? goal : null);
    }

    /** What was measured of one server. */
    private record Measured(Samples first, Samples gaps, Samples longest, Samples paces, Samples lost) {
        Measured() {
            this(new Samples(), new Samples(), new Samples(), new Samples(), new Samples());
        }

        void add(List<OpenStream> streams, String text) {
            for (var stream : streams) {
                lost.add(missing(text, stream.text()));
                if (!stream.tokensAt().isEmpty()) {
                    first.add(stream.firstTokenMillis());
                    add(stream.tokensAt());
                }
            }
        }

        private void add(List<Long> at) {
            var most = 0.0;
            for (var i = 1; i < at.size(); i++) {
                var gap = (Objects.requireNonNull(at.get(i)) - at.get(i - 1)) / 1e6;
                gaps.add(gap);
                most = Math.max(most, gap);
            }
            if (at.size() > 1) {
                longest.add(most);
                paces.add((at.getLast() - at.getFirst()) / 1e6 / (at.size() - 1));
            }
        }
    }

    private static String text(int tokens) {
        return IntStream.range(0, tokens).mapToObj(i -> " w" + i).collect(Collectors.joining());
    }

    /** @return the streams, read to their end */
    private List<OpenStream> round(ServerProcess server, String component, int count, int length)
            throws IOException, InterruptedException {
        stage.provider().script("{\"text\":\"" + text(length) + "\",\"dripMillis\":" + DRIP_MILLIS + "}");
        var done = new CountDownLatch(count);
        var streams = new ArrayList<OpenStream>();
        var next = System.nanoTime();
        for (var i = 0; i < count; i++) {
            streams.add(OpenStream.open(server, component, "pace-" + i, length, done));
            next += APART_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
        for (var stream : streams) {
            stream.await();
        }
        return streams;
    }

    /** How many tokens are missing; at least 1 if what came is not the text to the character. */
    private static int missing(String text, String came) {
        return text.equals(came) ? 0 : Math.max(1, words(text) - words(came));
    }

    private static int words(String text) {
        return (int) text.chars().filter(c -> c == ' ').count();
    }
}
