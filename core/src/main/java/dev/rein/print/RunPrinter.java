package dev.rein.print;

import dev.rein.run.Requirement;
import dev.rein.run.RunMetrics;
import dev.rein.run.event.Paused;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.text.PlainText;
import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prints the events of one run: the heading of each run and step, text as it is written, tool calls with arguments and times, failures,
 * and at the end the time, the tokens and the cost. Runs below the run are indented. On a terminal it has colours, and a last line with what the
 * run does now and for how long; elsewhere it is plain text. Text of models, tools and users is printed without control characters: those of an
 * escape sequence are shown, as {@code \}{@code u001b}.
 *
 * <p>{@code agent.print("..")} is all that most programs need. For a run that is followed in another way, call {@link #print} with each event and
 * {@link #finish} at the end:
 *
 * {@snippet :
 * var printer = RunPrinter.standard();
 * var run = agent.start("Write a story.");
 * try (var events = run.events()) {
 *     events.forEach(printer::print);
 * }
 * printer.finish(run.output().metrics());
 * }
 *
 * Thread-safe. One printer prints one run, from start to end, with its pauses.
 */
public final class RunPrinter {
    /** A run that is silent in the middle of a text lets other runs write after this time. */
    private static final Duration STALL = Duration.ofSeconds(3);

    private final ReentrantLock lock = new ReentrantLock();
    private final Output output;
    private final Symbols symbols;
    private final Sections sections;
    private final EventLines lines;
    private final Tally tally = new Tally();
    private final Activities activities = new Activities(System.nanoTime());
    private @Nullable RunEvent last;
    private long lastAt = System.nanoTime();

    private RunPrinter(Output output, Symbols symbols, boolean withText) {
        this.output = output;
        this.symbols = symbols;
        this.sections = new Sections(output, symbols);
        this.lines = new EventLines(sections, output, symbols, withText);
    }

    /** Prints to standard output: in colours with a status line if it is a terminal, otherwise as plain text. */
    public static RunPrinter standard() {
        var isTerminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                        && !"dumb".equals(System.getenv("TERM"));
        var builder = builder(new PrintWriter(System.out, false, System.out.charset()))
                .charset(System.out.charset());
        if (isTerminal) {
            builder.terminal().colours(System.getenv("NO_COLOR") == null);
        }
        return builder.build();
    }

    /** Prints plain text to a stream, such as a file. The caller closes the stream. */
    public static RunPrinter to(PrintStream stream) {
        return builder(new PrintWriter(stream, false, stream.charset()))
                .charset(stream.charset())
                .build();
    }

    /** Begins a printer that prints plain text to {@code out}, which is flushed after each event and not closed. */
    public static Builder builder(PrintWriter out) {
        return new Builder(out);
    }

    /** Prints an event. Events must come in their order. */
    public void print(RunEvent event) {
        lock.lock();
        try {
            var origin = event.meta().origin();
            var now = System.nanoTime();
            var name =
                    origin.parentRunId() == null || origin.componentName() == null ? "" : origin.componentName() + ": ";
            tally.add(event);
            activities.add(event, name, now);
            lines.add(event);
            if (isEnd(event) && origin.parentRunId() == null) {
                last = event;
            }
            lastAt = now;
            showStatus(now);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isEnd(RunEvent event) {
        return event instanceof Terminal || event instanceof Paused;
    }

    /** Brings the times of the status line up to date. Call it several times a second while no event comes. */
    public void tick() {
        lock.lock();
        try {
            var now = System.nanoTime();
            if (sections.isAnybodyWaiting() && now - lastAt > STALL.toNanos()) {
                sections.letOthersWrite();
            }
            showStatus(now);
        } finally {
            lock.unlock();
        }
    }

    private void showStatus(long now) {
        if (output.hasStatus()) {
            output.status(last != null ? "" : PlainText.line(activities.describe(symbols, now)));
        }
    }

    /** Prints a line between the others, such as an action of the program. */
    public void note(String line) {
        lock.lock();
        try {
            output.line(0, Style.NOTE, PlainText.line(line));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Prints how the run has ended, or what it waits for if it is paused, and what it has used. Call it after the last event.
     *
     * @param metrics the metrics of the run; null if unknown, then its time and its tokens are taken from the events
     */
    public void finish(@Nullable RunMetrics metrics) {
        lock.lock();
        try {
            sections.finish();
            var end = last;
            var known = metrics != null ? metrics : metricsOf(end);
            var used = tally.describe(known, symbols.separator());
            if (end != null) {
                output.gap();
            }
            switch (end) {
                case RunCompleted _, WorkflowCompleted _ ->
                    output.line(0, Style.SUCCESS, symbols.done() + " completed" + symbols.separator() + used);
                case RunCancelled e -> cancelled(e.cause().reason(), e.stopTook(), used);
                case WorkflowCancelled e -> cancelled(e.cause().reason(), e.stopTook(), used);
                case RunError e -> failed(e.failure().message(), used);
                case WorkflowError e -> failed(e.failure().message(), used);
                case Paused e -> {
                    output.line(0, Style.WARNING, symbols.paused() + " paused" + symbols.separator() + used);
                    e.requirements().forEach(this::requirement);
                }
                case null, default -> {}
            }
            output.finish();
            last = null;
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable RunMetrics metricsOf(@Nullable RunEvent end) {
        return switch (end) {
            case RunCompleted e -> e.metrics();
            case WorkflowCompleted e -> e.metrics();
            case null, default -> null;
        };
    }

    private void cancelled(String reason, Duration stopTook, String used) {
        var took = stopTook.isZero() ? "" : symbols.separator() + "the stop took " + Words.took(stopTook);
        output.line(
                0,
                Style.WARNING,
                symbols.stopped() + " cancelled: " + PlainText.line(reason) + took + symbols.separator() + used);
    }

    private void failed(String message, String used) {
        output.line(
                0,
                Style.FAILURE,
                symbols.failed() + " failed: " + PlainText.line(message) + symbols.separator() + used);
    }

    private void requirement(Requirement requirement) {
        var kind = requirement.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        var tool = requirement.tool();
        var step = requirement.step();
        var what = tool != null
                ? " " + Words.call(tool, output.columns(2))
                : step != null ? " step " + step.stepName() : " " + requirement.componentId();
        var message = requirement.message().isBlank() ? "" : ": " + requirement.message();
        output.line(2, Style.WARNING, PlainText.line(kind + " of" + what + message));
    }

    /** Builds a printer. */
    public static final class Builder {
        private final PrintWriter out;
        private PrintWriter notes;
        private @Nullable IntSupplier columns;
        private boolean colours;
        private Symbols symbols = Symbols.UNICODE;
        private boolean withText = true;
        private IntFunction<TextLayout> layout = WrappedText::new;

        private Builder(PrintWriter out) {
            this.out = Objects.requireNonNull(out, "out");
            this.notes = out;
        }

        /** Prints all but the text of the runs to another writer, so that {@code out} has the text alone. Not for terminals. */
        public Builder notes(PrintWriter value) {
            notes = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * The output is a terminal: rows are wrapped, and the last ones are replaced while the run goes on.
         *
         * @param width its width in columns, asked at each change
         */
        public Builder terminal(IntSupplier width) {
            columns = Objects.requireNonNull(width, "width");
            return this;
        }

        /** The same with the width that {@code COLUMNS} or the system's {@code stty} says now, or 80. */
        public Builder terminal() {
            var width = TerminalSize.columns();
            return terminal(() -> width);
        }

        /** Whether a terminal gets colours. Default: no. */
        public Builder colours(boolean on) {
            colours = on;
            return this;
        }

        /** The charset of the output: symbols that it does not have are replaced by ASCII. Default: UTF-8. */
        public Builder charset(Charset value) {
            symbols = Symbols.of(value);
            return this;
        }

        /** Whether the text of the runs is printed. Default: yes. */
        public Builder text(boolean on) {
            withText = on;
            return this;
        }

        /**
         * How a text is laid out on a terminal. Default: words are wrapped.
         *
         * @param factory creates the layout of one text, for the number of columns that it is given
         */
        public Builder layout(IntFunction<TextLayout> factory) {
            layout = Objects.requireNonNull(factory, "factory");
            return this;
        }

        public RunPrinter build() {
            var output =
                    columns == null ? new PlainOutput(out, notes) : new TerminalOutput(out, columns, colours, layout);
            return new RunPrinter(output, symbols, withText);
        }
    }
}
