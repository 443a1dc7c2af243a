package dev.rein.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.run.RunContext;
import dev.rein.tool.ToolSpec;
import org.jspecify.annotations.Nullable;

/** Tools without arguments. */
public final class TestTools {
    private TestTools() {}

    /** The implementation of a tool. */
    @FunctionalInterface
    public interface Code {
        @Nullable
        Object call(RunContext context) throws Exception;
    }

    public static ToolSpec tool(String name, Code code) {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties");
        return ToolSpec.of(name, "does " + name, schema, (arguments, context) -> code.call(context));
    }

    /** Waits at the gate until it is stopped or the gate opens. */
    public static ToolSpec waits(String name, Gate gate) {
        return tool(name, context -> {
            gate.pass();
            return name + " done";
        });
    }

    /** Waits at the gate and ignores stops. */
    public static ToolSpec deaf(String name, Gate gate) {
        return tool(name, context -> {
            gate.passDeaf();
            return name + " done";
        });
    }
}
