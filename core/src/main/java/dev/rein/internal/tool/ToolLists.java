package dev.rein.internal.tool;

import dev.rein.tool.ToolSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/** Lists of tools, in which each name is unique. */
public final class ToolLists {
    private ToolLists() {}

    /**
     * Returns the tools with others behind them.
     *
     * @param values see {@link ToolSpec#from}
     * @throws IllegalArgumentException if two tools have the same name, or an object has no tools
     */
    public static List<ToolSpec> plus(List<ToolSpec> tools, Collection<?> values) {
        var all = new ArrayList<>(tools);
        for (var value : values) {
            Objects.requireNonNull(value, "a tool is null: give an object with @Tool methods, or a ToolSpec");
            all.addAll(AnnotatedTools.of(value));
        }
        var names = new HashSet<String>();
        for (var tool : all) {
            if (!names.add(tool.name())) {
                throw new IllegalArgumentException("two tools are named \"" + tool.name()
                        + "\": rename one, with @Tool(name = ...) or ToolSpec.of");
            }
        }
        return List.copyOf(all);
    }
}
