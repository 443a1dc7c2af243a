package dev.rein.openai.internal;

import dev.rein.model.ModelRequest;
import dev.rein.model.ToolDefinition;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names of a request's tools. They tell whether a second name in the fragments of a call continues the first, repeats it, or belongs to
 * another call: servers do all three. Immutable.
 */
record ToolNames(Set<String> names) {

    static ToolNames of(ModelRequest request) {
        return new ToolNames(
                request.tools().stream().map(ToolDefinition::name).collect(Collectors.toUnmodifiableSet()));
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    /** Whether {@code next} is the name of another call than the one with the name {@code first}, which has no arguments yet. */
    boolean isOtherCall(String first, String next) {
        if (next.equals(first) || continues(first, next) || repeatsAndContinues(first, next)) {
            return false;
        }
        return contains(next) || contains(first);
    }

    /** The name of a call after a further fragment of it. */
    String joined(String first, String next) {
        if (continues(first, next)) {
            return first + next;
        }
        if (next.equals(first) || contains(first)) {
            return first;
        }
        return repeatsAndContinues(first, next) || contains(next) ? next : first + next;
    }

    private boolean continues(String first, String next) {
        return contains(first) ? !contains(next) && contains(first + next) : isBeginning(first + next);
    }

    private boolean repeatsAndContinues(String first, String next) {
        return !contains(first) && next.startsWith(first) && isBeginning(next);
    }

    private boolean isBeginning(String text) {
        return names.stream().anyMatch(name -> name.startsWith(text));
    }
}
