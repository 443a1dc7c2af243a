package dev.rein.runtime;

import dev.rein.internal.Ids;
import dev.rein.internal.event.ListenerChannel;
import dev.rein.internal.tool.AnswerType;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunListener;
import dev.rein.run.TypeRef;
import dev.rein.session.EventPolicy;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Base of the builders of agents, teams and workflows. Not thread-safe; may build more than one component.
 *
 * @param <B> the type of the builder
 */
public abstract class ComponentBuilder<B extends ComponentBuilder<B>> {
    private @Nullable String id;
    private @Nullable String name;
    private @Nullable String description;
    private Limits limits = Limits.none();
    private List<CancelHook> onCancel = List.of();
    private Duration hookTimeout = Duration.ofSeconds(5);
    private Duration hooksTimeout = Duration.ofSeconds(10);
    private @Nullable SessionStore store;
    private boolean storeOptional;
    private EventPolicy storeEvents = EventPolicy.WITHOUT_CONTENT;
    private Duration storeWait = Duration.ofMillis(250);
    private SessionPolicy sessionPolicy = SessionPolicy.ALLOW;
    private Map<String, Object> sessionState = Map.of();
    private boolean debug;
    private @Nullable Runs runs;
    private @Nullable TypeRef<?> inputType;
    private List<RunListener> listeners = List.of();
    private List<CallInterceptor> interceptors = List.of();

    /** For subclasses in Rein only. */
    protected ComponentBuilder() {}

    /** Returns this builder. */
    protected abstract B self();

    /** Returns the settings given so far. */
    protected final ComponentSettings component() {
        var owner = runs == null ? Runs.shared() : runs;
        if (store != null) {
            owner.kernel().uses(store);
        }
        return new ComponentSettings(
                id != null ? id : Ids.ofComponent(name),
                name,
                description,
                limits,
                onCancel,
                hookTimeout,
                hooksTimeout,
                store,
                storeOptional,
                storeEvents,
                storeWait,
                sessionPolicy,
                sessionState,
                debug,
                listeners,
                interceptors,
                owner,
                inputType);
    }

    /** Returns the name of the component in error messages: its kind, and its name if there is one. */
    protected final String described(String kind) {
        return name == null ? kind : kind + " \"" + name + "\"";
    }

    /** Sets the name for people. The id is derived from it by default. */
    public final B name(String value) {
        name = requireText("name", value);
        return self();
    }

    /** Sets the id; by default derived from the name, or a UUID without a name. */
    public final B id(String value) {
        id = requireText("id", value);
        return self();
    }

    /** Sets the description for people and for the models of the component. */
    public final B description(String value) {
        description = value;
        return self();
    }

    /** Sets the limits of each run; none by default. */
    public final B limits(Limits value) {
        limits = Objects.requireNonNull(value, "limits are null: give Limits.none() for no limit");
        return self();
    }

    /** Adds a hook that runs after a run was cancelled. */
    public final B onCancel(CancelHook hook) {
        onCancel = plus(onCancel, Objects.requireNonNull(hook, "the onCancel hook is null"));
        return self();
    }

    /**
     * Sets the time limits of the cancel hooks.
     *
     * @param each the limit of each hook; 5 s by default
     * @param all the limit of all hooks together; 10 s by default
     */
    public final B hookTimeouts(Duration each, Duration all) {
        if (each.isNegative() || each.isZero() || all.isNegative() || all.isZero()) {
            throw new IllegalArgumentException("hook timeouts are " + each + " and " + all + ": they must be positive");
        }
        hookTimeout = each;
        hooksTimeout = all;
        return self();
    }

    /**
     * Sets the store of its sessions and runs, and of the runs below them that have no store of their own; none by
     * default.
     */
    public final B store(SessionStore value) {
        store = value;
        return self();
    }

    /** Sets whether runs start while the store is unavailable; if it remains so, they end with {@code stored} false. */
    public final B storeOptional(boolean value) {
        storeOptional = value;
        return self();
    }

    /**
     * Sets which events are stored, if there is a store; {@link EventPolicy#WITHOUT_CONTENT} by default. In a tree of
     * runs the policy of the root applies.
     */
    public final B storeEvents(EventPolicy value) {
        storeEvents = Objects.requireNonNull(value, "storeEvents is null: give an EventPolicy");
        return self();
    }

    /** Sets how long the end of a run is withheld until it is stored; 250 ms by default. */
    public final B storeWait(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("storeWait is " + value + ": it must not be negative");
        }
        storeWait = value;
        return self();
    }

    /** Sets what happens when a session has a live run; ALLOW by default. */
    public final B sessionPolicy(SessionPolicy value) {
        sessionPolicy = Objects.requireNonNull(value, "sessionPolicy is null: give ALLOW, QUEUE or REJECT");
        return self();
    }

    /** Sets the initial session state of runs. Values of the session and of the run's options take precedence. */
    public final B sessionState(Map<String, Object> value) {
        sessionState = CheckedValues.copy("sessionState", value);
        return self();
    }

    /**
     * Sets the {@link Runs} that the runs of this component belong to; {@link Runs#shared()} by default. A run that is part of
     * another one belongs to the {@code Runs} of that.
     */
    public final B runs(Runs value) {
        runs = Objects.requireNonNull(value, "runs are null: give Runs.create(), or leave them out");
        return self();
    }

    /** Sets whether a readable trace of each run is printed to standard error. */
    public final B debug(boolean value) {
        debug = value;
        return self();
    }

    /** Adds a listener for its runs and all runs below them. */
    public final B listener(RunListener value) {
        listeners = plus(listeners, ListenerChannel.of(Objects.requireNonNull(value, "the listener is null")));
        return self();
    }

    /** Adds an interceptor of the calls of its runs and all runs below them; the first one added is the outermost. */
    public final B interceptor(CallInterceptor value) {
        interceptors = plus(interceptors, Objects.requireNonNull(value, "the interceptor is null"));
        return self();
    }

    /**
     * Sets the type of inputs: the text of each input must be JSON of it. An input that is not is rejected before a run exists, with an {@link
     * IllegalArgumentException} that says what is wrong; the leader of a team, whose member this is, reads that, and AgentOS answers with
     * status 400. See {@link dev.rein.run.RunInput#of(Object)}.
     *
     * @throws IllegalArgumentException if the type is not supported in JSON, or is generic: give a {@link TypeRef} then
     */
    public final B inputType(Class<?> type) {
        return inputType(TypeRef.of(type));
    }

    /**
     * Sets the type of inputs, with type arguments or by a JSON schema; see {@link #inputType(Class)}.
     *
     * @throws IllegalArgumentException if the type is not supported in JSON
     */
    public final B inputType(TypeRef<?> type) {
        AnswerType.of(type);
        inputType = type;
        return self();
    }

    /** Returns a copy of a list with an additional value. */
    protected static <T> List<T> plus(List<T> list, T value) {
        var all = new ArrayList<>(list);
        all.add(value);
        return List.copyOf(all);
    }

    /**
     * Checks a text.
     *
     * @throws IllegalArgumentException if {@code value} is blank
     */
    protected static String requireText(String what, String value) {
        if (Objects.requireNonNull(value, () -> what + " is null: give one, or leave it out")
                .isBlank()) {
            throw new IllegalArgumentException(what + " is blank: give one, or leave it out");
        }
        return value;
    }
}
