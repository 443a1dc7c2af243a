package dev.rein.agent;

import dev.rein.agent.AgentSettings.Named;
import dev.rein.model.Model;
import dev.rein.runtime.ComponentBuilder;
import dev.rein.runtime.RetryPolicy;
import dev.rein.tool.ToolSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What agents and the leaders of teams are built with alike. Not thread-safe; may build more than one.
 *
 * @param <B> the builder itself
 */
public abstract class ModelComponentBuilder<B extends ModelComponentBuilder<B>> extends ComponentBuilder<B> {
    private @Nullable Model model;
    private List<Model> fallbacks = List.of();
    private @Nullable String role;
    private List<String> instructions = List.of();
    private List<ToolSpec> tools = List.of();
    private @Nullable Integer toolCallLimit;
    private boolean sequentialTools;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private int outputRetries = 2;
    private List<Named<BeforeHook>> before = List.of();
    private List<Named<AfterHook>> after = List.of();
    private int history;
    private boolean cancelledHistory = true;

    /** For the classes of Rein itself. */
    protected ModelComponentBuilder() {}

    /** The model it asks. */
    public final B model(Model value) {
        model = Objects.requireNonNull(value, "model is null: give one, such as OpenAIChat.of(\"gpt-4o-mini\")");
        return self();
    }

    /** The models asked, in this order, when the first one fails for good. */
    public final B fallbacks(Model... values) {
        for (var value : values) {
            Objects.requireNonNull(value, "a fallback is null: give a model, such as OpenAIChat.of(\"gpt-4o-mini\")");
        }
        fallbacks = List.of(values);
        return self();
    }

    /** Its part in a team. */
    public final B role(String value) {
        role = value;
        return self();
    }

    /** What it is to do, for the model; several become a list. */
    public final B instructions(String... values) {
        instructions = Arrays.stream(values).filter(text -> !text.isBlank()).toList();
        return self();
    }

    /**
     * What the model may call: {@link ToolSpec}s, objects with methods that carry {@link dev.rein.tool.Tool}, and
     * collections of both. Adds to those given before.
     *
     * @throws IllegalArgumentException if two tools share a name, or an object has no tool or one that can't be described
     */
    public final B tools(Object... values) {
        var all = new ArrayList<>(tools);
        for (var value : values) {
            Objects.requireNonNull(value, "a tool is null: give an object with @Tool methods, or a ToolSpec");
            if (value instanceof ToolSpec spec) {
                all.add(spec);
            } else {
                all.addAll(ToolSpec.from(value));
            }
        }
        var names = new HashSet<String>();
        for (var tool : all) {
            if (!names.add(tool.name())) {
                throw new IllegalArgumentException("two tools are named \"" + tool.name()
                        + "\": rename one, with @Tool(name = ...) or ToolSpec.of");
            }
        }
        tools = List.copyOf(all);
        return self();
    }

    /** How many tool calls one run executes; the model is told when more are refused, and the run goes on. */
    public final B toolCallLimit(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("toolCallLimit is " + value + ": it must not be negative");
        }
        toolCallLimit = value;
        return self();
    }

    /** Calls the tools of one turn one after the other instead of concurrently. */
    public final B sequentialTools(boolean value) {
        sequentialTools = value;
        return self();
    }

    /** How failed model calls are tried again. */
    public final B retry(RetryPolicy value) {
        retry = Objects.requireNonNull(value, "retry is null: give a RetryPolicy, such as RetryPolicy.NONE");
        return self();
    }

    /** {@link #retry} with exponential back-off from half a second. */
    public final B retries(int value) {
        return retry(RetryPolicy.of(value));
    }

    /** How often the model is asked again when its answer is not of the type asked for; 2 unless given. */
    public final B outputRetries(int value) {
        if (value < 0 || value > 20) {
            throw new IllegalArgumentException("outputRetries is " + value + ": give 0 to 20");
        }
        outputRetries = value;
        return self();
    }

    /** Adds a hook that runs before the first model call. */
    public final B before(String hookName, BeforeHook hook) {
        Objects.requireNonNull(hook, () -> "hook \"" + hookName + "\" is null");
        before = plus(before, new Named<>(requireText("hook name", hookName), hook));
        return self();
    }

    /** Adds a hook that runs after the answer. */
    public final B after(String hookName, AfterHook hook) {
        Objects.requireNonNull(hook, () -> "hook \"" + hookName + "\" is null");
        after = plus(after, new Named<>(requireText("hook name", hookName), hook));
        return self();
    }

    /** How many earlier runs of the session go to the model; needs a {@link #store}, and runs with a session id. */
    public final B addHistory(int runs) {
        if (runs < 0) {
            throw new IllegalArgumentException("history of " + runs + " runs: it must not be negative");
        }
        history = runs;
        return self();
    }

    /** Whether cancelled runs are part of that history; true unless given. */
    public final B cancelledHistory(boolean value) {
        cancelledHistory = value;
        return self();
    }

    /**
     * What has been given.
     *
     * @param kind what it is, for errors
     * @throws IllegalStateException if something is missing or does not fit; the message says what to do
     */
    protected final AgentSettings settings(String kind) {
        var component = component();
        if (model == null) {
            throw new IllegalStateException(described(kind) + " has no model: call model(..) before build()");
        }
        if (component.limits().cost() != null) {
            requirePrice(model);
            fallbacks.forEach(ModelComponentBuilder::requirePrice);
        }
        if (history > 0 && component.store() == null) {
            throw new IllegalStateException("addHistory(" + history + ") needs a store: call store(..) before build()");
        }
        return new AgentSettings(
                component,
                model,
                fallbacks,
                role,
                instructions,
                tools,
                toolCallLimit,
                sequentialTools,
                retry,
                outputRetries,
                before,
                after,
                history,
                cancelledHistory);
    }

    private static void requirePrice(Model model) {
        if (model.pricing() == null) {
            throw new IllegalStateException("a cost limit needs a price, and model " + model.id()
                    + " has none: give it one with pricing(..), or limit tokens instead");
        }
    }
}
