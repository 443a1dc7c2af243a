package dev.rein.runtime;

import dev.rein.model.Model;
import dev.rein.model.ModelSettings;
import dev.rein.queue.DurableOptions;
import dev.rein.run.RunContext;
import dev.rein.session.EventPolicy;
import dev.rein.session.SessionStore;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of a single run. Immutable; each method returns a changed copy.
 *
 * @param runId the id of the run; null for a new UUID. Ids are not blank, have at most {@link #MAX_ID_LENGTH} characters, and no
 *     control characters or line breaks
 * @param sessionId the id of the session; null for none
 * @param userId the id of the user; null when unknown
 * @param sessionState initial values of the session state, which take precedence over those of the session; without nulls
 * @param metadata data of the caller that is kept with the run; without nulls
 * @param limits further limits; of these and the limits of the component the smaller ones apply
 * @param onDisconnect what happens when the consumer disconnects; null for the default of {@code run}, {@code stream} or
 *     {@code start}
 * @param consumerStall the time after which the owner of a full stream counts as disconnected; 30 s by default
 * @param parent the parent run; null for the run that the calling thread works for, if any
 * @param priority the priority in the queue and in {@link Runs#preempt}, higher first; 0 by default
 * @param bypassQueue whether {@code start()} ignores the limit of {@link Runs#maxConcurrentRuns}
 * @param store the store for a component without one; null for the store of the parent run, if any
 * @param storeEvents which events are stored; null for the policy of the component
 * @param follows the id of an ended run of the session that this one follows up; null for none
 * @param modelOptions the instructions, model, settings and tools of this run, of an agent or the leader of a team
 * @param dependencies see {@link #dependencies(Map)}
 * @param durability how a durable run is queued; null for a run that is not durable
 */
public record RunOptions(
        @Nullable String runId,
        @Nullable String sessionId,
        @Nullable String userId,
        Map<String, Object> sessionState,
        Map<String, Object> metadata,
        Limits limits,
        @Nullable DisconnectPolicy onDisconnect,
        Duration consumerStall,
        @Nullable RunContext parent,
        int priority,
        boolean bypassQueue,
        @Nullable SessionStore store,
        @Nullable EventPolicy storeEvents,
        @Nullable String follows,
        ModelOptions modelOptions,
        Map<String, Object> dependencies,
        @Nullable DurableOptions durability) {
    private static final RunOptions DEFAULTS = new RunOptions(
            null,
            null,
            null,
            Map.of(),
            Map.of(),
            Limits.none(),
            null,
            Duration.ofSeconds(30),
            null,
            0,
            false,
            null,
            null,
            null,
            ModelOptions.NONE,
            Map.of(),
            null);

    /** The maximum length of the ids of runs, sessions and users, in characters. */
    public static final int MAX_ID_LENGTH = 256;

    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    public RunOptions {
        requireId("runId", runId);
        requireId("sessionId", sessionId);
        requireId("userId", userId);
        requireId("follows", follows);
        sessionState = CheckedValues.copy("sessionState", sessionState);
        metadata = CheckedValues.copy("metadata", metadata);
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(modelOptions, "modelOptions");
        dependencies = copyDependencies(dependencies);
        if (consumerStall.isNegative() || consumerStall.isZero()) {
            throw new IllegalArgumentException("consumerStall is " + consumerStall + ": it must be positive");
        }
    }

    public static RunOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns a copy with another run id.
     *
     * @param value not blank, at most {@link #MAX_ID_LENGTH} characters; a run is rejected if its id is live or stored
     *     already
     */
    public RunOptions runId(String value) {
        return with(fields -> fields.runId = value);
    }

    public RunOptions sessionId(@Nullable String value) {
        return with(fields -> fields.sessionId = value);
    }

    public RunOptions userId(@Nullable String value) {
        return with(fields -> fields.userId = value);
    }

    public RunOptions sessionState(Map<String, Object> value) {
        return with(fields -> fields.sessionState = value);
    }

    public RunOptions metadata(Map<String, Object> value) {
        return with(fields -> fields.metadata = value);
    }

    public RunOptions limits(Limits value) {
        return with(fields -> fields.limits = value);
    }

    public RunOptions onDisconnect(DisconnectPolicy value) {
        return with(fields -> fields.onDisconnect = value);
    }

    public RunOptions consumerStall(Duration value) {
        return with(fields -> fields.consumerStall = value);
    }

    public RunOptions parent(RunContext value) {
        return with(fields -> fields.parent = value);
    }

    public RunOptions priority(int value) {
        return with(fields -> fields.priority = value);
    }

    public RunOptions bypassQueue(boolean value) {
        return with(fields -> fields.bypassQueue = value);
    }

    public RunOptions store(SessionStore value) {
        return with(fields -> fields.store = value);
    }

    public RunOptions storeEvents(EventPolicy value) {
        return with(fields -> fields.storeEvents = value);
    }

    /**
     * Returns a copy for a run that follows up an ended one: its model sees that run and the ones before it in the session, also
     * if the component adds no history. Needs the session's id and a store.
     *
     * @param endedRunId the id of the earlier run; ignored if the session has no such run
     */
    public RunOptions follows(@Nullable String endedRunId) {
        return with(fields -> fields.follows = endedRunId);
    }

    /**
     * Returns a copy with instructions for this run, which follow those of the agent or the team's leader. Workflows reject them. A run that is
     * resumed by another process keeps them.
     */
    public RunOptions instructions(String... values) {
        return with(fields -> fields.modelOptions = modelOptions.instructions(values));
    }

    /**
     * Returns a copy with another model for this run, in place of that of the agent or the team's leader; the fallbacks stay. Workflows reject
     * it. It is not stored: if another process resumes the run, its options must have a model again.
     *
     * @param value null for the component's own
     */
    public RunOptions model(@Nullable Model value) {
        return with(fields -> fields.modelOptions = modelOptions.model(value));
    }

    /**
     * Returns a copy with settings of the requests of this run, which come before those of the agent or the team's leader, see {@link
     * dev.rein.agent.ModelComponentBuilder#settings}. Workflows reject them. A run that is resumed by another process keeps them.
     */
    public RunOptions settings(ModelSettings value) {
        return with(fields -> fields.modelOptions = modelOptions.settings(value));
    }

    /**
     * Returns a copy with additional tools for this run of an agent or a team's leader: {@link dev.rein.tool.ToolSpec}s, objects with {@link
     * dev.rein.tool.Tool} methods, and collections of both. Workflows reject them. They are not stored: if another process resumes the run,
     * its options must have them again.
     *
     * @throws IllegalArgumentException if two tools have the same name, or an object has no tools
     */
    public RunOptions tools(Object... values) {
        return with(fields -> fields.modelOptions = modelOptions.plusTools(values));
    }

    /**
     * Returns a copy with objects and data for the code of this run and the runs below it: tools, hooks, the functions of steps, instructions and
     * tools, which read them with {@link RunContext#dependencies()}. A {@link java.util.function.Supplier} or {@link Callable} is called once, at the start of the run
     * on its thread, where {@link RunContext#current()} is its context; a stop interrupts it. If it throws or returns null, the run ends as ERROR.
     *
     * <p>They are neither stored nor sent to a model, see {@link dev.rein.agent.ModelComponentBuilder#addDependencies}. If another
     * process resumes the run, its options must have dependencies of the same names again.
     *
     * @param values by name, without nulls; they replace those given before
     */
    public RunOptions dependencies(Map<String, ?> values) {
        Objects.requireNonNull(values, "dependencies is null: give Map.of() for none");
        return with(fields -> fields.dependencies = new LinkedHashMap<>(values));
    }

    /** Returns a copy with one more dependency; see {@link #dependencies(Map)}. */
    public RunOptions dependency(String name, Object value) {
        var all = new LinkedHashMap<>(dependencies);
        all.put(name, value);
        return dependencies(all);
    }

    /** Returns a copy with one more dependency, which {@code supplier} returns; see {@link #dependencies(Map)}. */
    public RunOptions dependency(String name, Callable<?> supplier) {
        return dependency(name, (Object) supplier);
    }

    /**
     * Returns a copy that tells the model of the agent, or of the team's leader, all dependencies of this run; see {@link
     * dev.rein.agent.ModelComponentBuilder#addDependencies}. Workflows reject it.
     */
    public RunOptions addDependencies(boolean value) {
        return with(fields -> fields.modelOptions = modelOptions.addDependencies(value));
    }

    private static Map<String, Object> copyDependencies(Map<String, Object> values) {
        values.forEach((name, value) -> {
            Objects.requireNonNull(name, "dependencies has a null name: give it one");
            Objects.requireNonNull(value, () -> "dependency \"" + name + "\" is null: leave it out");
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Returns a copy for a durable run with the defaults of {@link DurableOptions}; see {@link #durable(DurableOptions)}.
     */
    public RunOptions durable() {
        return durable(DurableOptions.defaults());
    }

    /**
     * Returns a copy for a durable run: it is kept in the queue of its store, executed by any process that executes the durable runs of
     * its component, and executed again if that process dies. Only {@code start()} accepts it. Needs a store with a queue, such as
     * {@code JdbcSessionStore}. A model, settings, tools and dependencies of the run's own are rejected, because they can't be stored. The
     * run is at the top of its own tree, also if a tool starts it.
     *
     * @param value how it is queued; null for a run that is not durable
     */
    public RunOptions durable(@Nullable DurableOptions value) {
        return with(fields -> fields.durability = value);
    }

    private RunOptions with(Consumer<Fields> change) {
        var fields = new Fields(this);
        change.accept(fields);
        return fields.options();
    }

    private static void requireId(String name, @Nullable String value) {
        if (value != null && (value.isBlank() || value.length() > MAX_ID_LENGTH)) {
            throw new IllegalArgumentException(name + " is "
                    + (value.isBlank() ? "blank" : value.length() + " characters long")
                    + ": give 1 to " + MAX_ID_LENGTH + " characters, or leave it out");
        }
        if (".".equals(value) || "..".equals(value)) {
            throw new IllegalArgumentException(name + " is \"" + value
                    + "\", which is a step in a path and can't be named in a URL: choose another");
        }
        if (value != null && value.chars().anyMatch(RunOptions::isUnprintable)) {
            throw new IllegalArgumentException(name
                    + " contains control characters or line breaks, which could forge lines of a log: leave them out");
        }
    }

    private static boolean isUnprintable(int character) {
        return Character.isISOControl(character) || character == LINE_SEPARATOR || character == PARAGRAPH_SEPARATOR;
    }

    /** The mutable components of a copy. */
    private static final class Fields {
        private @Nullable String runId;
        private @Nullable String sessionId;
        private @Nullable String userId;
        private Map<String, Object> sessionState;
        private Map<String, Object> metadata;
        private Limits limits;
        private @Nullable DisconnectPolicy onDisconnect;
        private Duration consumerStall;
        private @Nullable RunContext parent;
        private int priority;
        private boolean bypassQueue;
        private @Nullable SessionStore store;
        private @Nullable EventPolicy storeEvents;
        private @Nullable String follows;
        private ModelOptions modelOptions;
        private Map<String, Object> dependencies;
        private @Nullable DurableOptions durability;

        Fields(RunOptions options) {
            runId = options.runId;
            sessionId = options.sessionId;
            userId = options.userId;
            sessionState = options.sessionState;
            metadata = options.metadata;
            limits = options.limits;
            onDisconnect = options.onDisconnect;
            consumerStall = options.consumerStall;
            parent = options.parent;
            priority = options.priority;
            bypassQueue = options.bypassQueue;
            store = options.store;
            storeEvents = options.storeEvents;
            follows = options.follows;
            modelOptions = options.modelOptions;
            dependencies = options.dependencies;
            durability = options.durability;
        }

        RunOptions options() {
            return new RunOptions(
                    runId,
                    sessionId,
                    userId,
                    sessionState,
                    metadata,
                    limits,
                    onDisconnect,
                    consumerStall,
                    parent,
                    priority,
                    bypassQueue,
                    store,
                    storeEvents,
                    follows,
                    modelOptions,
                    dependencies,
                    durability);
        }
    }
}
