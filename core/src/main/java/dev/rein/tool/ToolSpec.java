package dev.rein.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.internal.tool.AnnotatedTools;
import dev.rein.model.ToolDefinition;
import dev.rein.run.Question;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tool: how a model sees it, and what it does.
 *
 * @param definition name, description and parameters
 * @param function what it does
 * @param timeout how long one call may take; null leaves it to the run's {@link dev.rein.runtime.Limits}
 * @param question what people are asked first; null for nothing
 */
public record ToolSpec(
        ToolDefinition definition,
        ToolFunction function,
        @Nullable Duration timeout,
        @Nullable Question question) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public ToolSpec {
        Objects.requireNonNull(definition, "definition");
        Objects.requireNonNull(function, "function");
        if (!NAME.matcher(definition.name()).matches()) {
            throw new IllegalArgumentException("tool name \"" + definition.name()
                    + "\" is not accepted by model providers: use 1 to 64 letters, digits, '_' or '-'");
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException(
                    "timeout of tool " + definition.name() + " is " + timeout + ": it must be positive");
        }
    }

    /**
     * A tool with hand-written parameters.
     *
     * @param parameters a JSON schema of type object
     */
    public static ToolSpec of(String name, String description, JsonNode parameters, ToolFunction function) {
        return new ToolSpec(new ToolDefinition(name, description, parameters), function, null, null);
    }

    /**
     * The tools of an object: one for each public method with {@link Tool}.
     *
     * @throws IllegalArgumentException if there is none, if two share a name, or if a parameter's type can't be read from
     *     JSON; the message names the method and the type
     */
    public static List<ToolSpec> from(Object toolkit) {
        return AnnotatedTools.of(toolkit);
    }

    public String name() {
        return definition.name();
    }

    public ToolSpec withTimeout(Duration newTimeout) {
        return new ToolSpec(definition, function, newTimeout, question);
    }

    /**
     * The same, called only once people have confirmed the call; until then the run is paused.
     *
     * @param text what to ask them
     */
    public ToolSpec withConfirmation(String text) {
        return asking(Question.confirm(text));
    }

    /**
     * The same, called only with values that people have given; until then the run is paused.
     *
     * @param text what to ask them
     * @param fields the arguments that they give; they are put over what the model gave
     */
    public ToolSpec withUserInput(String text, String... fields) {
        return asking(Question.input(text, fields));
    }

    private ToolSpec asking(Question newQuestion) {
        return new ToolSpec(definition, function, timeout, newQuestion);
    }

    /**
     * A tool that is executed elsewhere: the run is paused until its result is given.
     *
     * @param parameters a JSON schema of type object
     * @param text what to ask people for
     */
    public static ToolSpec external(String name, String description, JsonNode parameters, String text) {
        return of(name, description, parameters, (_, _) -> {
                    throw new IllegalStateException("tool " + name + " is executed elsewhere");
                })
                .asking(Question.execute(text));
    }
}
