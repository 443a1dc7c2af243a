package dev.rein.tool;

import dev.rein.run.Requirement;
import java.util.List;

/**
 * What people must do before a tool is called, or in its place: until then the run is paused.
 *
 * @param kind CONFIRMATION, USER_INPUT or EXTERNAL_EXECUTION
 * @param question what to ask them
 * @param fields the arguments that a USER_INPUT gives
 */
public record ToolGate(Requirement.Kind kind, String question, List<String> fields) {
    public ToolGate {
        fields = List.copyOf(fields);
        if (kind == Requirement.Kind.ERROR || kind == Requirement.Kind.ROUTE) {
            throw new IllegalArgumentException("a tool can't wait for " + kind + ": it is for steps of a workflow");
        }
    }
}
