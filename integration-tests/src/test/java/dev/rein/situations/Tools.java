package dev.rein.situations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.run.RunContext;
import dev.rein.tool.ToolSpec;
import org.jspecify.annotations.Nullable;

/** Tools without parameters. */
final class Tools {
    interface Code {
        @Nullable
        Object call(RunContext context) throws Exception;
    }

    private Tools() {}

    static ToolSpec tool(String name, Code code) {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties");
        return ToolSpec.of(name, "The tool " + name + ".", schema, (_, context) -> code.call(context));
    }

    /** A tool that stands at a gate, and can be interrupted there. */
    static ToolSpec waiting(String name, Gate gate) {
        return tool(name, _ -> {
            gate.pass();
            return name + " is done";
        });
    }

    static ToolSpec instant(String name) {
        return tool(name, _ -> name + " is done");
    }
}
