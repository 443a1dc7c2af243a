package dev.rein.print;

import dev.rein.run.ComponentKind;
import dev.rein.run.StepRef;
import dev.rein.run.event.Origin;
import dev.rein.text.PlainText;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prints what the runs of a tree say, each below its heading. Runs may write at the same time: the one that has begun holds the
 * output until it has finished a response, and the others wait, at most {@link #MAX_WAITING} characters of them.
 */
final class Sections {
    private static final int INDENT = 2;
    private static final int MAX_WAITING = 1 << 20;
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Output output;
    private final Symbols symbols;
    private final Map<String, Section> runs = new HashMap<>();
    private final Map<String, Section> steps = new HashMap<>();

    private final Set<Section> waiting = new LinkedHashSet<>();
    private int waitingCharacters;
    private @Nullable Section writing;
    private List<Section> shown = List.of();
    private String openCall = "";
    private boolean afterHeading;

    Sections(Output output, Symbols symbols) {
        this.output = output;
        this.symbols = symbols;
    }

    Section ofRun(Origin origin) {
        var known = runs.get(origin.runId());
        if (known != null) {
            return known;
        }
        var step = origin.step();
        Section parent = null;
        if (origin.parentRunId() != null) {
            parent = step != null && step.workflowRunId().equals(origin.parentRunId())
                    ? ofStep(step)
                    : runs.get(origin.parentRunId());
        }
        var section = new Section(
                parent, origin.source(), PlainText.line(name(origin)), parent == null ? 0 : parent.indent + INDENT);
        runs.put(origin.runId(), section);
        return section;
    }

    private static String name(Origin origin) {
        var name = origin.componentName();
        if (name != null && !name.isBlank()) {
            return name;
        }
        var id = origin.componentId();
        return id.isBlank() || UUID.matcher(id).matches()
                ? origin.source().name().toLowerCase(Locale.ROOT)
                : id;
    }

    Section ofStep(StepRef step) {
        var key = step.workflowRunId() + " " + step.stepId();
        var known = steps.get(key);
        if (known != null) {
            return known;
        }
        var composite =
                step.parentStepId() == null ? null : steps.get(step.workflowRunId() + " " + step.parentStepId());
        var parent = composite != null ? composite : runs.get(step.workflowRunId());
        var indent = parent == null ? 0 : parent.isStep() ? parent.indent + INDENT : parent.indent;
        var section = new Section(parent, null, symbols.step() + " " + PlainText.line(step.stepName()), indent);
        steps.put(key, section);
        return section;
    }

    /** A run has ended: it says nothing more. */
    void end(String runId) {
        runs.remove(runId);
    }

    void add(Section section, Item item) {
        if (writing != null && writing != section) {
            section.waiting.add(item);
            waiting.add(section);
            waitingCharacters += item instanceof Item.Text text ? text.text().length() : 1;
            if (waitingCharacters > MAX_WAITING) {
                letOthersWrite();
            }
            return;
        }
        write(section, item);
        writeWaiting();
    }

    boolean isAnybodyWaiting() {
        return !waiting.isEmpty();
    }

    /** The run that writes loses the output, although it has not finished. */
    void letOthersWrite() {
        if (writing != null && !waiting.isEmpty()) {
            output.endText();
            writing.isWriting = false;
            writing = null;
            writeWaiting();
        }
    }

    void finish() {
        while (writing != null) {
            write(writing, new Item.EndOfText());
            writeWaiting();
        }
    }

    private void writeWaiting() {
        while (writing == null && !waiting.isEmpty()) {
            var next = waiting.iterator().next();
            waiting.remove(next);
            for (var item = next.waiting.poll(); item != null; item = next.waiting.poll()) {
                waitingCharacters -=
                        item instanceof Item.Text text ? text.text().length() : 1;
                write(next, item);
            }
        }
    }

    private void write(Section section, Item item) {
        if (item instanceof Item.EndOfText) {
            if (section.isWriting) {
                output.endText();
            }
        } else {
            enter(section, item instanceof Item.Heading);
            if (!(item instanceof Item.Heading)) {
                afterHeading = false;
            }
            write(section.isStep() ? section.indent + INDENT : section.indent, item);
        }
        section.isWriting = item instanceof Item.Text;
        writing = section.isWriting ? section : null;
    }

    private void write(int indent, Item item) {
        switch (item) {
            case Item.Text text -> output.text(indent, text.text());
            case Item.Line line -> output.line(indent, line.style(), line.line());
            case Item.CallStarted call -> {
                output.open(indent, Style.TOOL, call.line());
                openCall = call.callId();
            }
            case Item.CallEnded call -> {
                if (!openCall.equals(call.callId()) || !output.endOpen(call.took())) {
                    output.line(indent, Style.NOTE, call.line());
                }
            }
            case Item.EndOfText _, Item.Heading _ -> {}
        }
    }

    /** Prints the headings that lead to a section, as far as they differ from those above the last line. */
    private void enter(Section section, boolean again) {
        var path = section.path();
        var same = 0;
        while (same < Math.min(path.size(), shown.size()) && path.get(same) == shown.get(same)) {
            same++;
        }
        var isReturning = same == path.size() && shown.size() > same && hasOwnText(section);
        if (same == path.size() && (again || isReturning)) {
            same--;
        }
        if (same < path.size()) {
            if (!afterHeading) {
                output.gap();
            }
            afterHeading = true;
            for (var each : path.subList(same, path.size())) {
                output.heading(
                        each.indent,
                        each.isStep() ? Style.STEP : Style.COMPONENT,
                        each.name,
                        isReturning ? "" : each.detail);
            }
        }
        shown = path;
    }

    private static boolean hasOwnText(Section section) {
        return section.kind != null && section.kind != ComponentKind.WORKFLOW;
    }
}
