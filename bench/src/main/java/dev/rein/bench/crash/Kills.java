package dev.rein.bench.crash;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.model.Message;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionQuery;
import dev.rein.session.StoredRun;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.MessageRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Kills the workload at random moments, starts it again each time, and looks at what its store has. */
final class Kills implements Measurement {
    private static final Set<RunStatus> LIVE =
            EnumSet.of(RunStatus.PENDING, RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.CANCELLING);

    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Sizes sizes;

    /** The turns that the workload has called stored. */
    private final Set<String> done = new HashSet<>();

    /** The runs that were live when their process was killed, and when that was. */
    private final Map<String, Instant> left = new HashMap<>();

    private final Samples endedAfter = new Samples();
    private long lostTurns;
    private long brokenSessions;

    Kills(Sizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public String title() {
        return sizes.kills() + " kills of a process with runs of an agent, a team and a workflow";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("rein-crash");
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"), sizes.lease())) {
            var components = Workload.components(store);
            for (var i = 1; i <= sizes.kills(); i++) {
                killOnce(folder.resolve("rein.db"), store, i % 2 == 1);
                look(store);
                if (i % 10 == 0 || i == sizes.kills()) {
                    progress(i);
                }
            }
            awaitEnds(store);
            for (var id : done) {
                var row = store.run(id);
                if (row.isEmpty() || row.get().status() != RunStatus.COMPLETED || !Workload.isWhole(row.get())) {
                    lostTurns++;
                }
            }
            components.forEach((session, component) -> {
                var output = component.run("Go on", RunOptions.defaults().sessionId(session));
                if (!output.isCompleted() || !output.stored()) {
                    brokenSessions++;
                }
            });
            notes.accept(done.size() + " turns were stored, and " + endedAfter.count()
                    + " runs were killed; the lease was " + sizes.lease().toMillis() + " ms");
            return rows();
        } finally {
            delete(folder);
        }
    }

    private List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.add(row("stored_turns_lost", "turns", Samples.of((double) lostTurns), 0));
        rows.add(row("unusable_sessions", "sessions", Samples.of((double) brokenSessions), 0));
        if (endedAfter.count() > 0) {
            var most = sizes.lease().plus(GRACE).toMillis() / 1e3;
            rows.add(row("dead_run_ended_after_kill", "s", endedAfter, most));
        }
        return rows;
    }

    private static Row row(String name, String unit, Samples samples, double goal) {
        return Row.of(CrashGroup.NAME, name, unit, samples, null, Statistic.MAX, goal);
    }

    private void progress(int kills) {
        System.err.println(kills + " of " + sizes.kills() + " kills: " + done.size() + " turns stored, "
                + endedAfter.count() + " killed runs ended, " + left.size() + " not yet");
    }

    /** @param works whether it has a turn stored before; else it may be killed as soon as it has started */
    private void killOnce(Path file, JdbcSessionStore store, boolean works) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Workload.class.getName(),
                        file.toString(),
                        String.valueOf(sizes.lease().toMillis()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var said = new ConcurrentLinkedQueue<String>();
        var reader = Thread.ofPlatform().daemon().start(() -> read(process, said));
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var sign = works ? "done " : "ready";
        while (said.stream().noneMatch(line -> line.startsWith(sign))) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the workload did not start: " + said);
            }
            Thread.sleep(5);
        }
        // While it works the earlier ones' runs are looked after.
        var killAt = System.nanoTime()
                + ThreadLocalRandom.current().nextLong(sizes.longest().toNanos());
        while (System.nanoTime() - killAt < 0) {
            look(store);
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor();
        var killedAt = Instant.now();
        reader.join();
        for (var line : said) {
            if (line.startsWith("done ")) {
                done.add(line.substring(5));
            } else if (line.startsWith("failed ")) {
                throw new IllegalStateException("the workload said: " + line);
            }
        }
        for (var run : live(store)) {
            left.putIfAbsent(run.runId(), killedAt);
        }
        checkSessions(store);
    }

    private static void read(Process process, Queue<String> said) {
        try {
            process.inputReader(StandardCharsets.UTF_8).lines().forEach(said::add);
        } catch (UncheckedIOException e) {
            // It was killed: what it had said and nobody had read is not counted.
        }
    }

    private static List<StoredRun> live(JdbcSessionStore store) {
        var live = new ArrayList<StoredRun>();
        for (var session : store.sessions(SessionQuery.all()).items()) {
            live.addAll(
                    store.runs(RunQuery.of(session.sessionId()).children(true).statuses(LIVE))
                            .items());
        }
        return live;
    }

    /** What a next turn would be told must be what providers accept. */
    private void checkSessions(JdbcSessionStore store) {
        for (var session : store.sessions(SessionQuery.all()).items()) {
            var messages = new ArrayList<Message>();
            store.latest(session.sessionId(), EnumSet.of(RunStatus.COMPLETED, RunStatus.CANCELLED), 5)
                    .forEach(run -> messages.addAll(run.messages()));
            messages.add(Message.user("Go on"));
            try {
                MessageRules.checkAll(messages);
            } catch (AssertionError e) {
                System.err.println("session " + session.sessionId() + ": " + e.getMessage());
                brokenSessions++;
            }
        }
    }

    /** Takes note of the killed runs that have been ended. */
    private void look(JdbcSessionStore store) {
        left.entrySet().removeIf(each -> {
            var row = store.run(each.getKey()).orElseThrow();
            var endedAt = row.endedAt();
            if (endedAt == null) {
                return false;
            }
            endedAfter.add(Duration.between(each.getValue(), endedAt).toMillis() / 1e3);
            return true;
        });
    }

    private void awaitEnds(JdbcSessionStore store) throws InterruptedException {
        var deadline = System.nanoTime() + sizes.lease().plus(PATIENCE).toNanos();
        while (!left.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("nobody has ended the killed runs " + left.keySet());
            }
            look(store);
            Thread.sleep(5);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
