package dev.rein.print;

import dev.rein.run.ComponentKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What is printed below one heading: that of a run or of a step of a workflow. */
final class Section {
    final @Nullable Section parent;
    final @Nullable ComponentKind kind;
    final String name;
    final int indent;

    /** What waits until another run has finished its text. */
    final Queue<Item> waiting = new ArrayDeque<>();

    String detail = "";

    /** Whether the steps below are executed at the same time. */
    boolean isParallel;

    /** Whether the text of the run is printed and not finished. */
    boolean isWriting;

    /** Whether the run itself has text. */
    boolean hasText;

    /** Whether the run, or one below it, has text. */
    boolean hasTextBelow;

    /** The answer of the run below that ended last; null for none. */
    @Nullable
    String lastAnswerBelow;

    /** @param kind null for a step */
    Section(@Nullable Section parent, @Nullable ComponentKind kind, String name, int indent) {
        this.parent = parent;
        this.kind = kind;
        this.name = name;
        this.indent = indent;
    }

    boolean isStep() {
        return kind == null;
    }

    /** From the root down to this one. */
    List<Section> path() {
        var path = new ArrayList<Section>();
        for (var each = this; each != null; each = each.parent) {
            path.addFirst(each);
        }
        return path;
    }

    void addText() {
        hasText = true;
        for (var each = this; each != null; each = each.parent) {
            each.hasTextBelow = true;
        }
    }
}
