package dev.rein.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.RunContext;
import org.jspecify.annotations.Nullable;

/** The implementation of a tool. Called on a virtual thread of the run; may block. */
@FunctionalInterface
public interface ToolFunction {
    /**
     * Executes a call.
     *
     * @param arguments the arguments of the model, a JSON object
     * @param context the context of the run
     * @return the result for the model: a string unchanged, null as {@code "null"}, anything else as JSON
     * @throws ToolArgumentException if the arguments are invalid; the model receives the message
     * @throws Exception for any other failure; the model receives its type and message
     */
    @Nullable
    Object call(ObjectNode arguments, RunContext context) throws Exception;
}
