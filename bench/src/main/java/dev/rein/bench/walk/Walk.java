package dev.rein.bench.walk;

import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.LeakCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs random trees of components, stops them at random, and checks each of them against the kernel's rules. Case n is made
 * from the seed plus n, so that a case that broke a rule can be made again: it takes the same decisions, at other moments.
 */
public final class Walk {
    /** What the command line calls it. */
    public static final String NAME = "walk";

    private static final int OK = 0;
    private static final int BROKEN = 1;

    /** How many cases run at once: more than processors, because most of them wait. */
    private static final int LANES = 4;

    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final Duration LEAK_PATIENCE = Duration.ofSeconds(20);

    /** Load what is made once, so that it is not taken for a leak. */
    private static final int WARM_UP_CASES = 40;

    private final long seed;
    private final LongFunction<Plan> plans;
    private final PrintStream out;
    private final AtomicLong next = new AtomicLong();
    private final AtomicReference<@Nullable Failed> failed = new AtomicReference<>();
    private final Tally tally = new Tally();

    /** A case that broke a rule. */
    private record Failed(Plan plan, Throwable why) {}

    /** @param plans the plan of each case, by its number */
    private Walk(long seed, LongFunction<Plan> plans, PrintStream out) {
        this.seed = seed;
        this.plans = plans;
        this.out = out;
    }

    /**
     * Walks.
     *
     * @param atMost how long
     * @param seed the seed of the first case
     * @param cases how many cases at most
     * @return 0; 1 if a rule was broken, and then {@code out} has the case
     */
    public static int run(Duration atMost, long seed, long cases, PrintStream out)
            throws IOException, InterruptedException {
        return run(atMost, seed, cases, number -> PlanGenerator.plan(seed + number), out);
    }

    /**
     * Makes one case again and again.
     *
     * @param seed the case's own seed
     * @return as {@link #run}
     */
    public static int replay(Duration atMost, long seed, PrintStream out) throws IOException, InterruptedException {
        return run(atMost, seed, Long.MAX_VALUE, _ -> PlanGenerator.plan(seed), out);
    }

    /** Walks through cases of the given plans. */
    static int run(Duration atMost, long seed, long cases, LongFunction<Plan> plans, PrintStream out)
            throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("rein-walk");
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"))) {
            return new Walk(seed, plans, out).run(atMost, cases, store);
        } finally {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private int run(Duration atMost, long cases, SessionStore store) throws InterruptedException {
        out.println("random walk from seed " + seed + " for " + atMost.toSeconds() + " s, " + LANES + " cases at once");
        var begun = System.nanoTime();
        var end = begun + atMost.toNanos();
        round(end, Math.min(WARM_UP_CASES, cases), store);
        // Not closed: it would look for leaks after a case has failed too, and report what that has left instead of it.
        var leaks = LeakCheck.begin().ignoring(what -> what.contains("rein.db"));
        try {
            while (failed.get() == null && System.nanoTime() - end < 0 && next.get() < cases) {
                round(Math.min(end, System.nanoTime() + ROUND.toNanos()), cases, store);
                if (failed.get() == null) {
                    leaks.verify(LEAK_PATIENCE);
                    out.println(tally.line(System.nanoTime() - begun));
                }
            }
        } catch (AssertionError e) {
            out.println("rule 10 is broken after case " + (next.get() - 1) + " (seed " + (seed + next.get() - 1)
                    + "), in one of the last cases: " + e.getMessage());
            return BROKEN;
        }
        var broken = failed.get();
        if (broken != null) {
            report(broken);
            return BROKEN;
        }
        out.println("no rule was broken: " + tally.line(System.nanoTime() - begun));
        out.println(tally.details());
        return OK;
    }

    /** Lets all lanes work until {@code end}, and waits for them. */
    private void round(long end, long cases, SessionStore store) throws InterruptedException {
        var lanes = new ArrayList<Thread>();
        for (var i = 0; i < LANES; i++) {
            lanes.add(Thread.ofPlatform().daemon().name("walk-lane-" + i).start(() -> {
                while (failed.get() == null && System.nanoTime() - end < 0) {
                    var number = next.getAndIncrement();
                    if (number >= cases) {
                        next.decrementAndGet();
                        return;
                    }
                    walk(plans.apply(number), store);
                }
            }));
        }
        for (var lane : lanes) {
            lane.join();
        }
    }

    private void walk(Plan plan, SessionStore sqlite) {
        try {
            var store = switch (plan.store()) {
                case NONE -> null;
                case MEMORY -> new InMemorySessionStore();
                case SQLITE -> sqlite;
            };
            var id = "walk-" + plan.seed() + "-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
            new CaseRun(plan, store, id).toTheEnd().ifPresent(outcome -> {
                Rules.check(outcome);
                tally.count(outcome);
            });
        } catch (Throwable e) {
            failed.compareAndSet(null, new Failed(plan, e));
        }
    }

    private void report(Failed broken) {
        var plan = broken.plan();
        out.println();
        out.println("A rule is broken in case " + (plan.seed() - seed) + ", seed " + plan.seed() + ":");
        out.println(
                broken.why() instanceof Breach breach
                        ? breach.getMessage()
                        : broken.why().toString());
        out.println();
        out.println(PlanText.of(plan));
        out.println("To take the same decisions again and again: ./rein bench walk --case " + plan.seed());
        out.println("Threads are scheduled otherwise each time, so it may take many attempts, or a busy machine.");
        broken.why().printStackTrace(out);
        if (broken.why() instanceof Breach breach
                && String.valueOf(breach.getMessage()).startsWith("rule 3")) {
            Stacks.print(out);
        }
        Runs.shared().live().forEach(live -> out.println("live: " + live));
    }
}
