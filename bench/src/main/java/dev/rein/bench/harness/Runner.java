package dev.rein.bench.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the measurements of a group and shows them. */
public final class Runner {
    private static final int OK = 0;
    private static final int FAILED = 1;

    private final PrintStream out;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** For one group. */
    public Runner(PrintStream out) {
        this.out = out;
    }

    /**
     * Measures.
     *
     * @param json gets the rows; null for none
     * @return 0, or 1 if something could not be measured
     */
    public int run(Group group, @Nullable Path json) {
        out.println("Rein benchmarks, group " + group.name() + ", "
                + OffsetDateTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
        out.println("on " + Machine.describe());
        out.println(String.format(Locale.ROOT, "load of the last minute: %.2f", Machine.load()));
        out.println();
        measure(group);
        out.println();
        Table.print(rows, out);
        out.println();
        notes.forEach(note -> out.println("note: " + note));
        summarize();
        if (json != null) {
            write(json);
        }
        failures.forEach(failure -> out.println("failed: " + failure));
        return failures.isEmpty() ? OK : FAILED;
    }

    private void measure(Group group) {
        var all = group.measurements();
        for (var i = 0; i < all.size() && !Thread.currentThread().isInterrupted(); i++) {
            var measurement = Objects.requireNonNull(all.get(i));
            out.print("[" + (i + 1) + "/" + all.size() + "] " + measurement.title() + " ... ");
            out.flush();
            var started = System.nanoTime();
            try {
                rows.addAll(measurement.measure(notes::add));
                var took = Duration.ofNanos(System.nanoTime() - started);
                out.println(String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failed(measurement, e);
            } catch (Exception | AssertionError e) {
                failed(measurement, e);
            }
        }
    }

    private void failed(Measurement measurement, Throwable why) {
        out.println("failed");
        why.printStackTrace(out);
        failures.add(measurement.title() + ": " + why);
    }

    private void summarize() {
        var goals = rows.stream().filter(row -> row.goal() != null).count();
        var missed = rows.stream().filter(Row::missed).count();
        out.println("Floor and goal are for p99, unless the name ends with (p50) or (max).");
        out.println(
                (goals - missed) + " of " + goals + " goals reached" + (missed == 0 ? "" : ", " + missed + " missed"));
    }

    private void write(Path json) {
        try {
            var parent = json.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(
                    json, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n");
            out.println("written to " + json);
        } catch (IOException e) {
            failures.add("can't write " + json + ": " + e);
        }
    }
}
