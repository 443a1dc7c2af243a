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
 * A tool: its definition for the model and its implementation. Immutable.
 *
 * @param definition name, description and parameters
 * @param function the implementation
 * @param options how calls are made
 */
public record ToolSpec(ToolDefinition definition, ToolFunction function, ToolOptions options) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public ToolSpec {
        Objects.requireNonNull(definition, "definition");
        Objects.requireNonNull(function, "function");
        Objects.requireNonNull(options, "options");
        if (!NAME.matcher(definition.name()).matches()) {
            throw new IllegalArgumentException("tool name \"" + definition.name()
                    + "\" is not accepted by model providers: use 1 to 64 letters, digits, '_' or '-'");
        }
    }

    /**
     * Returns a tool with a hand-written schema.
     *
     * @param parameters a JSON schema of type object
     */
    public static ToolSpec of(String name, String description, JsonNode parameters, ToolFunction function) {
        return new ToolSpec(new ToolDefinition(name, description, parameters), function, ToolOptions.DEFAULTS);
    }

    /**
     * Returns the tools of an object: one for each public method with {@link Tool}.
     *
     * @throws IllegalArgumentException if there is none, if two have the same name, or if the type of a parameter is not
     *     supported in JSON; the message names the method and the type
     */
    public static List<ToolSpec> from(Object toolkit) {
        return AnnotatedTools.of(toolkit);
    }

    public String name() {
        return definition.name();
    }

    /** The time limit of a call; null for the limit of the run, see {@link dev.rein.runtime.Limits#tool}. */
    public @Nullable Duration timeout() {
        return options.timeout();
    }

    /** The question to people before each call; null for none. */
    public @Nullable Question question() {
        return options.question();
    }

    /** The maximum size of a result for the model, in bytes of UTF-8; 0 for that of the agent. */
    public int resultLimit() {
        return options.resultLimit();
    }

    /** Returns a copy with other options. */
    public ToolSpec withOptions(ToolOptions newOptions) {
        return new ToolSpec(definition, function, newOptions);
    }

    /** Returns a copy with another name. */
    public ToolSpec withName(String newName) {
        return new ToolSpec(
                new ToolDefinition(newName, definition.description(), definition.parameters()), function, options);
    }

    /** Returns a copy with another description. */
    public ToolSpec withDescription(String newDescription) {
        return new ToolSpec(
                new ToolDefinition(definition.name(), newDescription, definition.parameters()), function, options);
    }

    /** Returns a copy with another time limit for each call. */
    public ToolSpec withTimeout(Duration newTimeout) {
        return withOptions(options.timeout(newTimeout));
    }

    /**
     * Returns a copy whose results are cut after another size than that of the agent; see {@link
     * dev.rein.agent.ModelComponentBuilder#toolResultLimit}.
     *
     * @param bytes in UTF-8, at least 1
     */
    public ToolSpec withResultLimit(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(
                    "the result limit of tool " + name() + " is " + bytes + ": give at least 1");
        }
        return withOptions(options.resultLimit(bytes));
    }

    /** Returns a copy whose results are kept, so that a call with equal arguments gets the earlier one. */
    public ToolSpec withCache(ToolCache cache) {
        return withOptions(options.cache(cache));
    }

    /** Returns a copy whose calls are repeated when they fail. Its calls must be repeatable without harm. */
    public ToolSpec withRetries(ToolRetries retries) {
        return withOptions(options.retries(retries));
    }

    /**
     * Returns a copy whose result is the answer of the run: the model is not asked again. A result that does not have the type of the answer is
     * given to the model instead.
     */
    public ToolSpec withReturnDirect() {
        return withOptions(options.end(ToolEnd.RETURN_DIRECT));
    }

    /** Returns a copy after whose call the run ends: its answer is what the model wrote beside the call, which may be nothing. */
    public ToolSpec withEndsRun() {
        return withOptions(options.end(ToolEnd.END_RUN));
    }

    /** Returns a copy whose results users see too: they are part of the text that a run delivers. */
    public ToolSpec withShownResult() {
        return withOptions(options.showResult(true));
    }

    /**
     * Returns a copy of whose calls events show the given part, for example nothing of their results.
     *
     * @throws IllegalArgumentException if its results are part of the text that users see
     */
    public ToolSpec withVisibility(ToolVisibility visibility) {
        return withOptions(options.visibility(visibility));
    }

    /**
     * Returns a copy whose calls must be confirmed by people; the run is paused until then.
     *
     * @param text the question
     */
    public ToolSpec withConfirmation(String text) {
        return asking(Question.confirm(text));
    }

    /**
     * Returns a copy whose calls need values from people; the run is paused until then.
     *
     * @param text the question
     * @param fields the arguments to be provided; they replace those of the model
     */
    public ToolSpec withUserInput(String text, String... fields) {
        return asking(Question.input(text, fields));
    }

    private ToolSpec asking(Question newQuestion) {
        return withOptions(options.question(newQuestion));
    }

    /**
     * Returns a tool that is executed elsewhere: the run is paused until the result is provided.
     *
     * @param parameters a JSON schema of type object
     * @param text the request to people
     */
    public static ToolSpec external(String name, String description, JsonNode parameters, String text) {
        return of(name, description, parameters, (_, _) -> {
                    throw new IllegalStateException("tool " + name + " is executed elsewhere");
                })
                .asking(Question.execute(text));
    }
}
