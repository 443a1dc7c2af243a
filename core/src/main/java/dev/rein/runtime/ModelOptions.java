package dev.rein.runtime;

import dev.rein.internal.tool.ToolLists;
import dev.rein.model.Model;
import dev.rein.model.ModelSettings;
import dev.rein.tool.ToolSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a single run of an agent or of the leader of a team has of its own; see the methods of {@link RunOptions}. Immutable.
 *
 * @param instructions see {@link RunOptions#instructions}
 * @param model see {@link RunOptions#model}; null for that of the component
 * @param settings see {@link RunOptions#settings}
 * @param tools see {@link RunOptions#tools}
 * @param addDependencies see {@link RunOptions#addDependencies}
 */
public record ModelOptions(
        List<String> instructions,
        @Nullable Model model,
        ModelSettings settings,
        List<ToolSpec> tools,
        boolean addDependencies) {
    /** Nothing: everything as the component was built. */
    public static final ModelOptions NONE = new ModelOptions(List.of(), null, ModelSettings.DEFAULTS, List.of(), false);

    public ModelOptions {
        instructions = List.copyOf(instructions);
        Objects.requireNonNull(settings, "settings is null: give ModelSettings.DEFAULTS for none");
        tools = List.copyOf(tools);
    }

    /** Whether everything is as the component was built. */
    public boolean isEmpty() {
        return instructions.isEmpty()
                && model == null
                && settings.equals(ModelSettings.DEFAULTS)
                && tools.isEmpty()
                && !addDependencies;
    }

    ModelOptions instructions(String... values) {
        var given = Arrays.stream(values).filter(text -> !text.isBlank()).toList();
        return new ModelOptions(given, model, settings, tools, addDependencies);
    }

    ModelOptions model(@Nullable Model value) {
        return new ModelOptions(instructions, value, settings, tools, addDependencies);
    }

    ModelOptions settings(ModelSettings value) {
        return new ModelOptions(instructions, model, value, tools, addDependencies);
    }

    ModelOptions plusTools(Object... values) {
        return new ModelOptions(
                instructions, model, settings, ToolLists.plus(tools, Arrays.asList(values)), addDependencies);
    }

    ModelOptions addDependencies(boolean value) {
        return new ModelOptions(instructions, model, settings, tools, value);
    }

    /** The names of the tools. */
    public List<String> toolNames() {
        return tools.stream().map(ToolSpec::name).toList();
    }
}
