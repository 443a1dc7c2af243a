package dev.rein.agent;

import dev.rein.agent.AgentSettings.Named;
import dev.rein.guardrail.Guardrail;
import dev.rein.internal.result.ReadResult;
import dev.rein.internal.tool.AnswerType;
import dev.rein.internal.tool.ToolLists;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelSettings;
import dev.rein.model.Prices;
import dev.rein.model.Role;
import dev.rein.run.TypeRef;
import dev.rein.runtime.ComponentBuilder;
import dev.rein.runtime.RetryPolicy;
import dev.rein.tool.ToolSpec;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Base of the builders of agents and teams, whose leaders have a model too. Not thread-safe; may build more than one.
 *
 * @param <B> the type of the builder
 */
public abstract class ModelComponentBuilder<B extends ModelComponentBuilder<B>> extends ComponentBuilder<B> {
    private @Nullable Model model;
    private List<Model> fallbacks = List.of();
    private @Nullable String role;
    private List<String> instructions = List.of();
    private List<ToolSpec> tools = List.of();
    private @Nullable Integer toolCallLimit;
    private boolean sequentialTools;
    private int fruitlessTurnLimit = 10;
    private int toolResultLimit = 64 * 1024;
    private boolean readableResults;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private int outputRetries = 2;
    private boolean allowEmptyAnswers;
    private List<Named<BeforeHook>> before = List.of();
    private List<Named<AnswerHook>> after = List.of();
    private List<Guardrail> guardrails = List.of();
    private @Nullable TypeRef<?> answerType;
    private boolean markdown;
    private @Nullable ZoneId dateTimeZone;
    private @Nullable List<String> addedDependencies;
    private List<Message> exampleMessages = List.of();
    private int history;
    private boolean cancelledHistory = true;
    private int earlierMedia;
    private Prices prices = Prices.list();
    private ModelSettings settings = ModelSettings.DEFAULTS;
    private @Nullable PerRun<String> instructionsFunction;
    private List<PerRun<? extends Collection<?>>> toolFunctions = List.of();

    /** For subclasses in Rein only. */
    protected ModelComponentBuilder() {}

    /** Sets the model. Required. */
    public final B model(Model value) {
        model = Objects.requireNonNull(value, "model is null: give one, such as OpenAIChat.of(\"gpt-4o-mini\")");
        return self();
    }

    /**
     * Sets that a member has the model of its team: the one that the leader of the run has. Its run outside a team needs a model in its
     * {@link dev.rein.runtime.RunOptions#model options}.
     */
    public final B modelOfTeam() {
        return model(TeamModel.INSTANCE);
    }

    /** Sets the models that are asked, in this order, if the first one fails after its retries. */
    public final B fallbacks(Model... values) {
        for (var value : values) {
            Objects.requireNonNull(value, "a fallback is null: give a model, such as OpenAIChat.of(\"gpt-4o-mini\")");
        }
        fallbacks = List.of(values);
        return self();
    }

    /** Sets the role in a team, for the leader. */
    public final B role(String value) {
        role = value;
        return self();
    }

    /** Sets the instructions for the model; several become a list. */
    public final B instructions(String... values) {
        instructions = Arrays.stream(values).filter(text -> !text.isBlank()).toList();
        return self();
    }

    /**
     * Sets a function that returns further instructions for a run, which follow those of {@link #instructions(String...)}: for example
     * the date, or the name of the user. A blank text adds nothing. A run that is resumed by another process keeps the ones that it was
     * started with.
     */
    public final B instructions(PerRun<String> function) {
        instructionsFunction = Objects.requireNonNull(function, "the instructions function is null");
        return self();
    }

    /**
     * Sets the settings of requests to the model, which come before those that the model was built with. A {@code toolChoice} that
     * requires a call is for the requests of a run up to its first call, after which the model decides.
     */
    public final B settings(ModelSettings value) {
        settings = Objects.requireNonNull(value, "settings is null: give ModelSettings.DEFAULTS for none");
        return self();
    }

    /**
     * Adds tools that the model may call: {@link ToolSpec}s, objects with methods annotated with {@link
     * dev.rein.tool.Tool}, and collections of both.
     *
     * @throws IllegalArgumentException if two tools have the same name, if an object has no tools, or if the signature of
     *     a tool is not supported in JSON
     */
    public final B tools(Object... values) {
        tools = ToolLists.plus(tools, Arrays.asList(values));
        return self();
    }

    /**
     * Adds a function that returns tools for a run, as given to {@link #tools(Object...)}: for example those that its user may use. They
     * stay the same throughout the run. A run that is resumed by another process calls it again, and needs the same tools.
     */
    public final B tools(PerRun<? extends Collection<?>> function) {
        Objects.requireNonNull(function, "the tools function is null");
        toolFunctions = plus(toolFunctions, function);
        return self();
    }

    /**
     * Sets the maximum number of tool calls that a run executes. Further calls are rejected with an error for the model,
     * and the run continues; see {@link #fruitlessTurnLimit}.
     */
    public final B toolCallLimit(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("toolCallLimit is " + value + ": it must not be negative");
        }
        toolCallLimit = value;
        return self();
    }

    /**
     * Sets the maximum size of a tool's result, or error, for the model; 65,536 by default. A longer one is cut between characters, and
     * a note says so. A tool may have another limit, see {@link ToolSpec#withResultLimit}.
     *
     * @param bytes in UTF-8, at least 1
     */
    public final B toolResultLimit(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("toolResultLimit is " + bytes + ": give at least 1");
        }
        toolResultLimit = bytes;
        return self();
    }

    /**
     * Sets whether the model can read the rest of results that were cut, with a tool {@code read_result(id, from, lines)}; false by
     * default. Up to 16 Mi characters of a run's results are kept in memory until the run ends; they are not stored.
     */
    public final B readableResults(boolean value) {
        readableResults = value;
        return self();
    }

    /**
     * Sets whether the tool calls of a turn are executed one after the other; by default they are executed concurrently.
     */
    public final B sequentialTools(boolean value) {
        sequentialTools = value;
        return self();
    }

    /**
     * Sets after how many consecutive turns without progress a run fails; 10 by default. A turn makes no progress if none of its
     * tool calls succeeds, or if its calls and their results are the same as those of one of the 20 turns before. Raise it for a tool that
     * is polled.
     *
     * @param value at least 1
     */
    public final B fruitlessTurnLimit(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("fruitlessTurnLimit is " + value + ": it must be at least 1");
        }
        fruitlessTurnLimit = value;
        return self();
    }

    /** Sets the retries of failed model calls; {@link RetryPolicy#DEFAULT} by default. */
    public final B retry(RetryPolicy value) {
        retry = Objects.requireNonNull(value, "retry is null: give a RetryPolicy, such as RetryPolicy.NONE");
        return self();
    }

    /** Sets the number of retries of failed model calls, with exponential back-off from 0.5 s. */
    public final B retries(int value) {
        return retry(RetryPolicy.of(value));
    }

    /** Sets how often the model is asked again if its answer does not match the requested type, 0 to 20; 2 by default. */
    public final B outputRetries(int value) {
        if (value < 0 || value > 20) {
            throw new IllegalArgumentException("outputRetries is " + value + ": give 0 to 20");
        }
        outputRetries = value;
        return self();
    }

    /**
     * Sets whether a response may be empty: without text and tool calls, or without the tool calls that it announces; false by
     * default. Then such a response is a failed request, which is retried and sent to the fallbacks, because it is nearly always a
     * fault of the server. Typed answers are never empty.
     */
    public final B allowEmptyAnswers(boolean value) {
        allowEmptyAnswers = value;
        return self();
    }

    /** Adds a hook that runs before the first model request. */
    public final B before(String hookName, BeforeHook hook) {
        Objects.requireNonNull(hook, () -> "hook \"" + hookName + "\" is null");
        before = plus(before, new Named<>(requireText("hook name", hookName), hook));
        return self();
    }

    /**
     * Adds guardrails, which check in this order. Those of the output and of tool calls also check the runs below, such as those of a
     * team's members: their events are part of the stream, and their answers are tool results of the leader.
     */
    public final B guardrails(Guardrail... values) {
        for (var value : values) {
            Objects.requireNonNull(value, "a guardrail is null: give one, such as Pii.mask()");
            guardrails = plus(guardrails, value);
        }
        return self();
    }

    /**
     * Sets the type that runs answer with unless they are asked for another one: the text of the output is JSON of the type then, also
     * in streams, in steps of workflows and in teams, where {@code StepOutput.value(type)} reads it.
     *
     * @throws IllegalArgumentException if the type is not supported in JSON, or is generic: give a {@link TypeRef} then
     */
    public final B answersWith(Class<?> type) {
        return answersWith(TypeRef.of(type));
    }

    /**
     * Sets a type with type arguments; see {@link #answersWith(Class)}.
     *
     * @throws IllegalArgumentException if the type is not supported in JSON
     */
    public final B answersWith(TypeRef<?> type) {
        AnswerType.of(type);
        answerType = type;
        return self();
    }

    /** Sets whether the model is asked to format its answers in Markdown; false by default. Typed answers are never Markdown. */
    public final B markdown(boolean value) {
        markdown = value;
        return self();
    }

    /**
     * Tells the model the date and the time at the start of each run, behind all other instructions. A run that is resumed by another
     * process keeps those of its start.
     *
     * @param zone the time zone, such as {@code ZoneId.of("Europe/Berlin")}
     */
    public final B addDateTime(ZoneId zone) {
        dateTimeZone = Objects.requireNonNull(zone, "the time zone is null: give one, such as ZoneOffset.UTC");
        return self();
    }

    /**
     * Tells the model the dependencies of each run, see {@link dev.rein.runtime.RunOptions#dependencies(Map)}, behind the instructions: as
     * text or JSON, like the results of tools, and 65,536 characters in all at most. A run that is resumed by another process keeps those of its start.
     *
     * @param names those to tell, if the run has them; none for all
     */
    public final B addDependencies(String... names) {
        for (var name : names) {
            requireText("dependency", name);
        }
        addedDependencies = List.of(names);
        return self();
    }

    /**
     * Sets messages that show the model how to answer: they come before the history in each run, and are not stored.
     *
     * @param messages of users and assistants in turns, such as {@code Message.user("2 + 2"), Message.assistant("4")}, the last one of an
     *     assistant
     */
    public final B exampleMessages(Message... messages) {
        for (var i = 0; i < messages.length; i++) {
            var role = messages[i].role();
            if (role != (i % 2 == 0 ? Role.USER : Role.ASSISTANT)) {
                throw new IllegalArgumentException("example message " + i + " is one of " + role
                        + ": give those of a user and an assistant in turns, beginning with a user");
            }
        }
        if (messages.length % 2 != 0) {
            throw new IllegalArgumentException("the last example message is one of a user: give an answer to it");
        }
        exampleMessages = List.of(messages);
        return self();
    }

    /** Adds a hook that runs after the answer. Hooks of {@link #rewrite} and this method run in the order in which they were added. */
    public final B after(String hookName, AfterHook hook) {
        Objects.requireNonNull(hook, () -> "hook \"" + hookName + "\" is null");
        return rewrite(hookName, (text, context) -> {
            hook.apply(text, context);
            return text;
        });
    }

    /**
     * Adds a hook that runs after the answer and returns the text that is stored and returned in its place, for example without a link. The
     * answer was delivered before: a reader of the stream has it, and learns of the other text by {@link
     * dev.rein.run.event.PostHookCompleted#replacement} and the last event. Use a guardrail to keep a text from readers; guardrails don't check
     * what this returns. It must have the answer type, if there is one. A run that is stopped before its end keeps the delivered answer.
     */
    public final B rewrite(String hookName, AnswerHook hook) {
        Objects.requireNonNull(hook, () -> "hook \"" + hookName + "\" is null");
        after = plus(after, new Named<>(requireText("hook name", hookName), hook));
        return self();
    }

    /**
     * Sets how many earlier runs of the session are sent to the model; requires a {@link #store} and runs with a session
     * id.
     */
    public final B addHistory(int runs) {
        if (runs < 0) {
            throw new IllegalArgumentException("history of " + runs + " runs: it must not be negative");
        }
        history = runs;
        return self();
    }

    /** Sets whether the history includes runs that were cancelled or failed; true by default. */
    public final B cancelledHistory(boolean value) {
        cancelledHistory = value;
        return self();
    }

    /**
     * Sets how many messages of the history keep their images and files, the latest ones; 0 by default. In the others, words say what
     * they had. The message of the run itself always has all of its own.
     */
    public final B earlierMedia(int messages) {
        if (messages < 0) {
            throw new IllegalArgumentException("earlierMedia is " + messages + ": it must not be negative");
        }
        earlierMedia = messages;
        return self();
    }

    /**
     * Sets the prices of models that have none of their own, see {@link Model#pricing}; {@link Prices#list()} by default.
     */
    public final B prices(Prices value) {
        prices = Objects.requireNonNull(value, "prices is null: give Prices.NONE for none");
        return self();
    }

    /**
     * Returns the settings given so far.
     *
     * @param kind the kind of component, for error messages
     * @throws IllegalStateException if a setting is missing or invalid; the message says what to do
     */
    protected final AgentSettings settings(String kind) {
        var component = component();
        if (model == null) {
            throw new IllegalStateException(described(kind) + " has no model: call model(..) before build()");
        }
        if (history > 0 && component.store() == null) {
            throw new IllegalStateException("addHistory(" + history + ") needs a store: call store(..) before build()");
        }
        var built = new AgentSettings(
                component,
                model,
                fallbacks,
                role,
                instructions,
                readableResults ? ToolLists.plus(tools, List.of(ReadResult.tool())) : tools,
                toolCallLimit,
                sequentialTools,
                fruitlessTurnLimit,
                retry,
                outputRetries,
                allowEmptyAnswers,
                before,
                after,
                history,
                cancelledHistory,
                earlierMedia,
                prices,
                settings,
                instructionsFunction,
                toolFunctions,
                toolResultLimit,
                readableResults,
                guardrails,
                answerType,
                markdown,
                dateTimeZone,
                addedDependencies,
                exampleMessages);
        var unpriced = component.limits().cost() == null ? null : built.unpriced();
        if (unpriced != null) {
            throw new IllegalStateException(unpriced);
        }
        return built;
    }
}
