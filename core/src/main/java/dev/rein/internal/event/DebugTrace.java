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
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints the events of a run, one line each. Content is counted, not printed. Thread-safe. */
public final class DebugTrace implements Consumer<RunEvent> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final int WIDTH = 160;

    private final PrintStream out;
    private int chunks;
    private int characters;

    public DebugTrace(PrintStream out) {
        this.out = out;
    }

    @Override
    public void accept(RunEvent event) {
        // Values in it may be the user's, and print slowly: only their own thread waits for that.
        accept(event, describeSafely(event));
    }

    private synchronized void accept(RunEvent event, String details) {
        if (event instanceof RunContent content) {
            chunks++;
            characters += content.content().length();
            return;
        }
        if (chunks > 0) {
            print(event, "content", chunks + " chunks, " + characters + " characters");
            chunks = 0;
            characters = 0;
        }
        print(event, event.name(), details);
    }

    private void print(RunEvent event, String what, String details) {
        var meta = event.meta();
        var time = TIME.format(LocalTime.ofInstant(meta.createdAt(), ZoneId.systemDefault()));
        var id = event.runId();
        out.printf(
                "%s %s%s %-22s %s%n",
                time, "  ".repeat(meta.origin().depth()), id.substring(0, Math.min(8, id.length())), what, details);
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
        var line = text.replace('\n', ' ');
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "...";
    }
}
