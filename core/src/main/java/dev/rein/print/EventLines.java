package dev.rein.print;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.run.ComponentKind;
import dev.rein.run.StepOutput;
import dev.rein.run.event.ConditionExecutionStarted;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.LoopIterationStarted;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.ParallelExecutionStarted;
import dev.rein.run.event.Paused;
import dev.rein.run.event.RouterExecutionStarted;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunContentCompleted;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepEvent;
import dev.rein.run.event.StepProgress;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.TaskCreated;
import dev.rein.run.event.TaskUpdated;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowStarted;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** What is printed for each event. */
final class EventLines {
    private static final int MARGIN = 12;

    private final Sections sections;
    private final Output output;
    private final Symbols symbols;
    private final boolean withText;

    EventLines(Sections sections, Output output, Symbols symbols, boolean withText) {
        this.sections = sections;
        this.output = output;
        this.symbols = symbols;
        this.withText = withText;
    }

    void add(RunEvent event) {
        var section = event instanceof StepEvent of
                ? sections.ofStep(of.step())
                : sections.ofRun(event.meta().origin());
        switch (event) {
            case RunStarted e -> start(section, e, e.model());
            case WorkflowStarted e -> start(section, e, "");
            case RunContent e -> text(section, e.content());
            case RunContentCompleted _, ModelRequestCompleted _, Paused _ ->
                sections.add(section, new Item.EndOfText());
            case ModelRequestFailed e ->
                line(
                        section,
                        Style.WARNING,
                        "! " + e.error() + "; asks " + e.next() + " in " + Words.took(e.retryIn()));
            case ToolCallStarted e ->
                sections.add(
                        section,
                        new Item.CallStarted(
                                e.tool().toolCallId(),
                                symbols.call() + " " + Words.call(e.tool(), output.columns(section.indent) - MARGIN)));
            case ToolCallCompleted e -> {
                var took = Words.took(Objects.requireNonNullElse(e.tool().duration(), Duration.ZERO));
                var ended = symbols.result() + " " + PlainText.line(e.tool().toolName()) + "  " + took;
                sections.add(section, new Item.CallEnded(e.tool().toolCallId(), "  " + took, ended));
            }
            case ToolCallError e ->
                line(section, Style.FAILURE, symbols.failed() + " " + e.tool().toolName() + ": " + e.error());
            case ParallelExecutionStarted _ -> {
                section.isParallel = true;
                sections.add(section, new Item.Heading());
            }
            case StepStarted _ -> {
                // The headings of several at once would stand there without their content.
                if (section.parent == null || !section.parent.isParallel) {
                    sections.add(section, new Item.Heading());
                }
            }
            case StepCompleted e -> result(section, e.output());
            case StepProgress e -> line(section, Style.NOTE, String.valueOf(e.content()));
            case StepError e ->
                line(
                        section,
                        Style.FAILURE,
                        symbols.failed() + " " + e.error() + (e.retried() ? "; the step is retried" : ""));
            case LoopIterationStarted e ->
                line(section, Style.NOTE, "iteration " + e.iteration() + " of at most " + e.maxIterations());
            case ConditionExecutionStarted e ->
                line(section, Style.NOTE, e.result() ? "the condition holds" : "the condition does not hold");
            case RouterExecutionStarted e -> line(section, Style.NOTE, "chosen: " + String.join(", ", e.selected()));
            case TaskCreated e ->
                line(section, Style.NOTE, "+ task: " + e.task().title());
            case TaskUpdated e ->
                line(
                        section,
                        Style.NOTE,
                        "task " + e.task().status().name().toLowerCase(Locale.ROOT) + ": "
                                + e.task().title());
            case CustomEvent e -> line(section, Style.NOTE, e.event());
            case Terminal e -> end(section, e);
            default -> {}
        }
    }

    private void start(Section section, RunEvent event, String model) {
        var detail = event.parentRunId() == null
                ? (model.isEmpty() ? "" : model + symbols.separator()) + "run " + event.runId()
                : model;
        section.detail = PlainText.line(detail);
        if (section.parent == null) {
            sections.add(section, new Item.Heading());
        }
    }

    private void line(Section section, Style style, String text) {
        sections.add(section, new Item.Line(style, PlainText.line(text)));
    }

    private void text(Section section, String text) {
        if (!text.isEmpty()) {
            section.addText();
            if (withText) {
                sections.add(section, new Item.Text(PlainText.of(text)));
            }
        }
    }

    /** The result of a function, which has no events of its own. */
    private void result(Section section, StepOutput result) {
        if (!section.hasTextBelow) {
            text(section, result.content());
            sections.add(section, new Item.EndOfText());
        }
    }

    private void end(Section section, Terminal event) {
        switch (event) {
            case RunCompleted e -> answer(section, e.content());
            case RunError e -> answer(section, e.content());
            case RunCancelled e -> answer(section, e.content());
            case WorkflowCompleted e -> answer(section, e.content());
            case WorkflowCancelled _, WorkflowError _ -> {}
        }
        sections.add(section, new Item.EndOfText());
        if (!event.isRoot()) {
            switch (event) {
                case RunError e -> failed(section, e.failure().message());
                case WorkflowError e -> failed(section, e.failure().message());
                case RunCancelled e -> cancelled(section, e.cause());
                case WorkflowCancelled e -> cancelled(section, e.cause());
                case RunCompleted _, WorkflowCompleted _ -> {}
            }
        }
        sections.end(event.runId());
    }

    /** The whole answer where its parts are missing, as among the stored events of a run that has ended. */
    private void answer(Section section, String content) {
        var isKnown = section.kind == ComponentKind.WORKFLOW
                ? section.hasTextBelow
                : section.hasText || content.equals(section.lastAnswerBelow);
        if (!isKnown) {
            text(section, content);
        }
        if (section.parent != null) {
            section.parent.lastAnswerBelow = content;
        }
    }

    private void failed(Section section, String message) {
        line(section, Style.FAILURE, symbols.failed() + " failed: " + message);
    }

    private void cancelled(Section section, CancelCause cause) {
        if (cause.kind() != CancelKind.PARENT) {
            line(section, Style.WARNING, symbols.stopped() + " cancelled: " + cause.reason());
        }
    }
}
