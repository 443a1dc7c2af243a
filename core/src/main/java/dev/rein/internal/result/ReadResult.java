package dev.rein.internal.result;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.RunContext;
import dev.rein.tool.ToolFunction;
import dev.rein.tool.ToolSpec;

/** The tool by which a model reads the rest of a long result. The kernel answers its calls from the run's {@link KeptResults}. */
public final class ReadResult implements ToolFunction {
    static final String NAME = "read_result";

    private ReadResult() {}

    public static ToolSpec tool() {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var properties = schema.putObject("properties");
        properties
                .putObject("id")
                .put("type", "string")
                .put("description", "The id in the note at the end of the result");
        properties.putObject("from").put("type", "integer").put("description", "The first line, from 1");
        properties.putObject("lines").put("type", "integer").put("description", "The number of lines, 200 by default");
        schema.putArray("required").add("id");
        schema.put("additionalProperties", false);
        return ToolSpec.of(NAME, "Reads lines of a tool result that was cut.", schema, new ReadResult());
    }

    @Override
    public Object call(ObjectNode arguments, RunContext context) {
        throw new IllegalStateException(NAME + " is answered by the run itself");
    }
}
