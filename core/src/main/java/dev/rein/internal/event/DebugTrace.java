package dev.rein.internal.event;

import dev.rein.run.event.ConditionExecutionStarted;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.LoopIterationStarted;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.Paused;
import dev.rein.run.event.RouterExecutionStarted;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepEvent;
import dev.rein.run.event.TaskCreated;
import dev.rein.run.event.TaskUpdated;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowStarted;
import dev.rein.text.PlainText;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints the events of a run, one line each. Content is counted, not printed. Thread-safe.
 *
 * <p>A thread of its own prints, because the output may block, such as a pipe that nobody reads. Whoever traces an event waits for
 * its line a moment; while the output is blocked, nobody waits, and lines beyond a bound are dropped.
 */
public final class DebugTrace {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final int WIDTH = 160;

    /** Characters of a text, of which some may be white space that is not shown. */
    private static final int LOOKED_AT = 4 * WIDTH;

    /** How long an event waits for its line. */
    private static final Duration PRINT_WAIT = Duration.ofMillis(100);

    /** The maximum number of lines that wait for the output. */
    static final int MAX_PENDING = 10_000;

    /** The printer of the process: all traces share its standard error. */
    private static final Printer SHARED = new Printer();

    private final PrintStream out;
    private final Printer printer;
    private int chunks;
    private int characters;

    public DebugTrace(PrintStream out) {
        this(out, SHARED);
    }

    DebugTrace(PrintStream out, Printer printer) {
        this.out = out;
        this.printer = printer;
    }

    /** Prints lines in order. Thread-safe. */
    static final class Printer {
        private static final Logger log = LoggerFactory.getLogger(DebugTrace.class);

        private final SerialQueue lines =
                new SerialQueue("rein-trace", MAX_PENDING, e -> log.warn("a line of a trace could not be printed", e));
        private final AtomicLong dropped = new AtomicLong();
        private volatile boolean stalled;

        /**
         * Adds a line.
         *
         * @return opened once it is printed; null if it was dropped
         */
        private @Nullable CountDownLatch add(PrintStream out, Runnable line) {
            var printed = new CountDownLatch(1);
            var added = lines.offer(() -> {
                try {
                    var lost = dropped.getAndSet(0);
                    if (lost > 0) {
                        out.println(lost + " lines of traces were dropped, because the output was blocked");
                    }
                    line.run();
                } finally {
                    stalled = false;
                    printed.countDown();
                }
            });
            if (added) {
                return printed;
            }
            dropped.incrementAndGet();
            return null;
        }

        /** Waits a moment for a line, unless the output is blocked. An interrupt ends the wait, and is not lost. */
        private void await(@Nullable CountDownLatch printed) {
            lines.wake();
            if (printed == null || stalled) {
                return;
            }
            try {
                stalled = !printed.await(PRINT_WAIT.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Traces an event, and waits a moment until it is printed. */
    public void accept(RunEvent event) {
        // Values in it may be the user's, and print slowly: only their own thread waits for that.
        printer.await(add(event, describeSafely(event)));
    }

    /** Traces an event without a wait. */
    void acceptLater(RunEvent event) {
        var _ = add(event, describeSafely(event));
        printer.lines.wake();
    }

    private synchronized @Nullable CountDownLatch add(RunEvent event, String details) {
        if (event instanceof RunContent content) {
            chunks++;
            characters += content.content().length();
            return null;
        }
        if (chunks > 0) {
            var content = chunks + " chunks, " + characters + " characters";
            var _ = printer.add(out, () -> print(event, "content", content));
            chunks = 0;
            characters = 0;
        }
        return printer.add(out, () -> print(event, event.name(), details));
    }

    private void print(RunEvent event, String what, String details) {
        var meta = event.meta();
        var time = TIME.format(LocalTime.ofInstant(meta.createdAt(), ZoneId.systemDefault()));
        var id = event.runId();
        // Names and ids, too, may be a model's or a user's.
        var line = String.format(
                Locale.ROOT,
                "%s %s%s %-22s %s",
                time,
                "  ".repeat(meta.origin().depth()),
                id.substring(0, Math.min(8, id.length())),
                what,
                details);
        out.println(PlainText.line(line));
    }

    private static String describeSafely(RunEvent event) {
        try {
            return describe(event);
        } catch (Throwable e) {
            return "(its values can't be printed: " + e.getClass().getName() + ")";
        }
    }

    private static String describe(RunEvent event) {
        return switch (event) {
            case RunStarted e -> e.meta().origin().componentId() + ", model " + e.model() + ", run " + e.runId();
            case ModelRequestStarted e -> e.model();
            case ModelRequestFailed e -> truncate(e.error()) + "; next " + e.next() + " in " + millis(e.retryIn());
            case ModelRequestCompleted e ->
                e.model()
                        + (e.usage() == null
                                ? ""
                                : ", " + e.usage().inputTokens() + " + "
                                        + e.usage().outputTokens() + " tokens")
                        + (e.timeToFirstToken() == null ? "" : ", first after " + millis(e.timeToFirstToken()));
            case ToolCallStarted e ->
                e.tool().toolName() + " " + truncate(e.tool().arguments());
            case ToolCallCompleted e ->
                e.tool().toolName() + " in " + millis(e.tool().duration()) + ": "
                        + truncate(String.valueOf(e.tool().result()));
            case ToolCallError e -> e.tool().toolName();
            case CustomEvent e -> e.event() + " " + truncate(e.data().toString());
            case RunCompleted e ->
                e.metrics().usage().totalTokens() + " tokens in "
                        + millis(e.metrics().duration());
            case RunCancelled e ->
                e.cause().kind() + ", " + e.cause().reason() + ", stopped in " + millis(e.stopTook());
            case RunError e -> truncate(e.failure().type() + ": " + e.failure().message());
            case WorkflowStarted e -> e.meta().origin().componentId() + ", run " + e.runId();
            case WorkflowCompleted e ->
                e.metrics().totalUsage().totalTokens() + " tokens in "
                        + millis(e.metrics().duration());
            case WorkflowCancelled e ->
                e.cause().kind() + ", " + e.cause().reason() + ", stopped in " + millis(e.stopTook());
            case WorkflowError e ->
                truncate(e.failure().type() + ": " + e.failure().message());
            case Paused e ->
                e.requirements().stream()
                        .map(each -> each.kind() + " " + truncate(each.message()))
                        .collect(Collectors.joining("; "));
            case StepCompleted e ->
                e.step().stepName()
                        + (e.output().success()
                                ? ""
                                : ": " + truncate(String.valueOf(e.output().error())));
            case StepError e ->
                e.step().stepName() + ", attempt " + e.attempt() + ": " + truncate(e.error())
                        + (e.retried() ? "; retrying" : "");
            case LoopIterationStarted e -> e.step().stepName() + ", " + e.iteration() + " of " + e.maxIterations();
            case ConditionExecutionStarted e -> e.step().stepName() + ": " + e.result();
            case RouterExecutionStarted e -> e.step().stepName() + ": " + e.selected();
            case StepEvent e -> e.step().stepName();
            case TaskCreated e -> e.task().id() + " " + truncate(e.task().title());
            case TaskUpdated e ->
                e.task().id() + " " + e.previous() + " -> " + e.task().status();
            default -> "";
        };
    }

    private static String millis(@Nullable Duration duration) {
        return duration == null ? "?" : String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }

    private static String truncate(String text) {
        var start = text.length() <= LOOKED_AT ? text : text.substring(0, LOOKED_AT);
        var line = PlainText.line(start);
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "...";
    }
}
