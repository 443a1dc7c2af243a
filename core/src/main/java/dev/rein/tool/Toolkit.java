package dev.rein.tool;

import dev.rein.internal.tool.AnnotatedTools;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A selection of tools, with other names or options. Each method returns another selection, and refers to the names of this one:
 *
 * {@snippet :
 * var files = Toolkit.of(new FileTools(root)).exclude("write_file").prefix("project_");
 * var agent = Agent.builder().model(model).tools(files).build();
 * }
 *
 * Immutable.
 */
public final class Toolkit {
    private final List<ToolSpec> tools;

    private Toolkit(List<ToolSpec> tools) {
        this.tools = List.copyOf(tools);
    }

    /**
     * All tools of the values.
     *
     * @param values {@link ToolSpec}s, objects with methods annotated with {@link Tool}, other toolkits, and collections of these
     * @throws IllegalArgumentException if a value has no tools
     */
    public static Toolkit of(Object... values) {
        return new Toolkit(Arrays.stream(values)
                .flatMap(value -> AnnotatedTools.of(Objects.requireNonNull(value, "a tool is null")).stream())
                .toList());
    }

    /** The tools, in their order. */
    public List<ToolSpec> tools() {
        return tools;
    }

    /**
     * Only the tools with these names.
     *
     * @throws IllegalArgumentException if there is no tool with a name; the message lists those that there are
     */
    public Toolkit include(String... names) {
        var chosen = known(names);
        return new Toolkit(
                tools.stream().filter(tool -> chosen.contains(tool.name())).toList());
    }

    /**
     * All tools but those with these names.
     *
     * @throws IllegalArgumentException if there is no tool with a name; the message lists those that there are
     */
    public Toolkit exclude(String... names) {
        var left = known(names);
        return new Toolkit(
                tools.stream().filter(tool -> !left.contains(tool.name())).toList());
    }

    /** The same tools, whose names begin with a text. */
    public Toolkit prefix(String text) {
        return new Toolkit(
                tools.stream().map(tool -> tool.withName(text + tool.name())).toList());
    }

    /** The same tools, each changed by a function: {@code each(tool -> tool.withTimeout(limit))}. */
    public Toolkit each(UnaryOperator<ToolSpec> change) {
        return new Toolkit(tools.stream().map(change).toList());
    }

    /**
     * The same tools, of which one is changed by a function: {@code change("pay", tool -> tool.withConfirmation("Pay?"))}.
     *
     * @throws IllegalArgumentException if there is no such tool; the message lists those that there are
     */
    public Toolkit change(String name, UnaryOperator<ToolSpec> change) {
        known(name);
        return each(tool -> tool.name().equals(name) ? change.apply(tool) : tool);
    }

    private Set<String> known(String... names) {
        var all = tools.stream().map(ToolSpec::name).toList();
        var unknown = new ArrayList<>(List.of(names));
        unknown.removeAll(all);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there is no tool \"" + String.join("\", \"", unknown) + "\": there are "
                    + (all.isEmpty() ? "none" : String.join(", ", all)));
        }
        return Set.copyOf(List.of(names));
    }
}
