package dev.rein.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.internal.InterruptionTexts;
import dev.rein.internal.run.Context;
import dev.rein.run.RunContext;
import dev.rein.run.RunFailedException;
import dev.rein.run.RunStatus;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tool.ToolFunction;
import dev.rein.tool.ToolSpec;
import java.util.Locale;
import java.util.Objects;

/** The implementation of {@link Component#asTool}: runs a component as a child of the run that calls the tool. Immutable. */
public final class ComponentTool implements ToolFunction {
    private static final String INPUT = "input";
    private static final int MAX_NAME = 64;

    /** How many runs may be within each other: a component may be among its own tools, by a function that returns them. */
    private static final int MAX_DEPTH = 16;

    private final Component component;

    private ComponentTool(Component component) {
        this.component = component;
    }

    static ToolSpec of(Component component, String name, String description) {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties")
                .putObject(INPUT)
                .put("type", "string")
                .put("description", "What it is to do, with everything it needs to know");
        schema.putArray("required").add(INPUT);
        schema.put("additionalProperties", false);
        return ToolSpec.of(name, description, schema, new ComponentTool(component));
    }

    static String name(Component component) {
        var name = component.id().replaceAll("[^A-Za-z0-9_-]", "_");
        return name.substring(0, Math.min(name.length(), MAX_NAME));
    }

    static String description(Component component, String purpose) {
        var name = component.name() == null ? component.id() : component.name();
        var kind = component.kind().name().toLowerCase(Locale.ROOT);
        return "Gives a task to the " + kind + " \"" + name + "\" and returns its answer."
                + (purpose.isBlank() ? "" : " " + purpose);
    }

    @Override
    public Object call(ObjectNode arguments, RunContext context) {
        var input = arguments.path(INPUT).asText();
        if (input.isBlank()) {
            throw new ToolArgumentException("parameter \"" + INPUT + "\" is blank: give a text");
        }
        var call = Context.of(context);
        if (call.depth() >= MAX_DEPTH) {
            throw new ToolArgumentException("runs are nested " + call.depth() + " deep: do the task without this tool");
        }
        var output = component.run(input, RunOptions.defaults().parent(call).metadata(call.metadata()));
        if (output.status() == RunStatus.COMPLETED) {
            return output.text();
        }
        if (output.status() == RunStatus.CANCELLED) {
            return InterruptionTexts.runStopped(
                    component.id(), Objects.requireNonNull(output.cause()).reason(), output.text());
        }
        throw new RunFailedException(output);
    }
}
