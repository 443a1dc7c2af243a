package dev.rein.agent;

import dev.rein.agent.AgentSettings.Named;
import dev.rein.internal.Ids;
import dev.rein.model.Model;
import dev.rein.run.CancelHook;
import dev.rein.run.Limits;
import dev.rein.run.RetryPolicy;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import dev.rein.tool.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds an {@link Agent}. Only {@link #model} is required. Not thread-safe; may build more than one. */
public final class AgentBuilder {
    private @Nullable String id;
    private @Nullable String name;
    private @Nullable Model model;
    private List<Model> fallbacks = List.of();
    private @Nullable String description;
    private @Nullable String role;
    private List<String> instructions = List.of();
    private List<ToolSpec> tools = List.of();
    private @Nullable Integer toolCallLimit;
    private boolean sequentialTools;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private Limits limits = Limits.none();
    private int outputRetries = 2;
    private List<Named<BeforeHook>> before = List.of();
    private List<Named<AfterHook>> after = List.of();
    private List<CancelHook> onCancel = List.of();
    private Duration hookTimeout = Duration.ofSeconds(5);
    private Duration hooksTimeout = Duration.ofSeconds(10);
    private @Nullable SessionStore store;
    private boolean storeOptional;
    private Duration storeWait = Duration.ofMillis(250);
    private SessionPolicy sessionPolicy = SessionPolicy.ALLOW;
    private int history;
    private boolean cancelledHistory = true;
    private boolean debug;

    AgentBuilder() {}

    /** Its name, for people; the id is made from it. */
    public AgentBuilder name(String value) {
        name = requireText("name", value);
        return this;
    }

    /** Its id; made from the name unless given, and a UUID when there is none either. */
    public AgentBuilder id(String value) {
        id = requireText("id", value);
        return this;
    }

    /** The model it asks. */
    public AgentBuilder model(Model value) {
        model = Objects.requireNonNull(value, "model is null: give one, such as OpenAIChat.of(\"gpt-4o-mini\")");
        return this;
    }

    /** The models asked, in this order, when the first one fails for good. */
    public AgentBuilder fallbacks(Model... values) {
        fallbacks = List.of(values);
        return this;
    }

    /** What it is, as the first lines of its system message. */
    public AgentBuilder description(String value) {
        description = value;
        return this;
    }

    /** Its part in a team. */
    public AgentBuilder role(String value) {
        role = value;
        return this;
    }

    /** What it is to do, for the model; several become a list. */
    public AgentBuilder instructions(String... values) {
        instructions = Arrays.stream(values).filter(text -> !text.isBlank()).toList();
        return this;
    }

    /**
     * What the model may call: {@link ToolSpec}s, and objects with methods that carry {@link dev.rein.tool.Tool}. Adds to
     * those given before.
     *
     * @throws IllegalArgumentException if two tools share a name, or an object has no tool or one that can't be described
     */
    public AgentBuilder tools(Object... values) {
        var all = new ArrayList<>(tools);
        for (var value : values) {
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
        return this;
    }

    /** How many tool calls one run executes; the model is told when more are refused, and the run goes on. */
    public AgentBuilder toolCallLimit(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("toolCallLimit is " + value + ": it must not be negative");
        }
        toolCallLimit = value;
        return this;
    }

    /** Calls the tools of one turn one after the other instead of concurrently. */
    public AgentBuilder sequentialTools(boolean value) {
        sequentialTools = value;
        return this;
    }

    /** How failed model calls are tried again. */
    public AgentBuilder retry(RetryPolicy value) {
        retry = value;
        return this;
    }

    /** {@link #retry} with exponential back-off from half a second. */
    public AgentBuilder retries(int value) {
        return retry(RetryPolicy.of(value));
    }

    /** What one run may use up. */
    public AgentBuilder limits(Limits value) {
        limits = value;
        return this;
    }

    /** How often the model is asked again when its answer is not of the type asked for; 2 unless given. */
    public AgentBuilder outputRetries(int value) {
        if (value < 0 || value > 20) {
            throw new IllegalArgumentException("outputRetries is " + value + ": give 0 to 20");
        }
        outputRetries = value;
        return this;
    }

    /** Adds a hook that runs before the first model call. */
    public AgentBuilder before(String hookName, BeforeHook hook) {
        before = plus(before, new Named<>(requireText("hook name", hookName), hook));
        return this;
    }

    /** Adds a hook that runs after the answer. */
    public AgentBuilder after(String hookName, AfterHook hook) {
        after = plus(after, new Named<>(requireText("hook name", hookName), hook));
        return this;
    }

    /** Adds a cleanup that runs when a run was cancelled. */
    public AgentBuilder onCancel(CancelHook hook) {
        onCancel = plus(onCancel, hook);
        return this;
    }

    /** How long one cleanup may take, and all of them together; 5 s and 10 s unless given. */
    public AgentBuilder hookTimeouts(Duration each, Duration all) {
        if (each.isNegative() || each.isZero() || all.isNegative() || all.isZero()) {
            throw new IllegalArgumentException("hook timeouts are " + each + " and " + all + ": they must be positive");
        }
        hookTimeout = each;
        hooksTimeout = all;
        return this;
    }

    /** Where its sessions and runs are kept. */
    public AgentBuilder store(SessionStore value) {
        store = value;
        return this;
    }

    /** Starts runs also while the store does not answer; they end with {@code stored} false if it stays that way. */
    public AgentBuilder storeOptional(boolean value) {
        storeOptional = value;
        return this;
    }

    /** How long the end of a run waits for its store before it is shown all the same; 250 ms unless given. */
    public AgentBuilder storeWait(Duration value) {
        storeWait = value;
        return this;
    }

    /** What happens when a session runs already. */
    public AgentBuilder sessionPolicy(SessionPolicy value) {
        sessionPolicy = value;
        return this;
    }

    /** How many earlier runs of the session go to the model; needs a {@link #store}, and runs with a session id. */
    public AgentBuilder addHistory(int runs) {
        if (runs < 0) {
            throw new IllegalArgumentException("history of " + runs + " runs: it must not be negative");
        }
        history = runs;
        return this;
    }

    /** Whether cancelled runs are part of that history; true unless given. */
    public AgentBuilder cancelledHistory(boolean value) {
        cancelledHistory = value;
        return this;
    }

    /** Prints a readable trace of each run to standard error. */
    public AgentBuilder debug(boolean value) {
        debug = value;
        return this;
    }

    /** @throws IllegalStateException if something is missing or does not fit; the message says what to do */
    public Agent build() {
        if (model == null) {
            throw new IllegalStateException("agent" + (name == null ? "" : " \"" + name + "\"")
                    + " has no model: call model(..) before build()");
        }
        if (limits.cost() != null) {
            requirePrice(model);
            fallbacks.forEach(AgentBuilder::requirePrice);
        }
        if (history > 0 && store == null) {
            throw new IllegalStateException("addHistory(" + history + ") needs a store: call store(..) before build()");
        }
        return new Agent(new AgentSettings(
                id != null ? id : Ids.ofComponent(name),
                name,
                model,
                fallbacks,
                description,
                role,
                instructions,
                tools,
                toolCallLimit,
                sequentialTools,
                retry,
                limits,
                outputRetries,
                before,
                after,
                onCancel,
                hookTimeout,
                hooksTimeout,
                store,
                storeOptional,
                storeWait,
                sessionPolicy,
                history,
                cancelledHistory,
                debug));
    }

    private static void requirePrice(Model model) {
        if (model.pricing() == null) {
            throw new IllegalStateException("a cost limit needs a price, and model " + model.id()
                    + " has none: give it one with pricing(..), or limit tokens instead");
        }
    }

    private static <T> List<T> plus(List<T> list, T value) {
        var all = new ArrayList<>(list);
        all.add(value);
        return List.copyOf(all);
    }

    private static String requireText(String what, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(what + " is blank: give one, or leave it out");
        }
        return value;
    }
}
