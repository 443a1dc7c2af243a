package dev.rein.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.RunContext;
import org.jspecify.annotations.Nullable;

/** What a tool does. Called on a virtual thread of the run; may block. */
@FunctionalInterface
public interface ToolFunction {
    /**
     * @param arguments what the model gave, a JSON object
     * @param context the run that calls
     * @return what the model gets to read: a string as it is, null as {@code "null"}, anything else as JSON
     * @throws ToolArgumentException if the arguments make no sense; the model reads the message
     * @throws Exception for any other failure; the model reads its type and message
     */
    @Nullable
    Object call(ObjectNode arguments, RunContext context) throws Exception;
}
