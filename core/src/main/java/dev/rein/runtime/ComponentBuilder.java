package dev.rein.runtime;

import dev.rein.internal.Ids;
import dev.rein.internal.run.Kernel;
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
 * What agents, teams and workflows are built with alike. Not thread-safe; may build more than one.
 *
 * @param <B> the builder itself
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

    /** For the classes of Rein itself. */
    protected ComponentBuilder() {}

    /** This builder. */
    protected abstract B self();

    /** What has been given. */
    protected final ComponentSettings component() {
        if (store != null) {
            Kernel.shared().uses(store);
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
                debug);
    }

    /** What it is called in errors: its kind, and its name if it has one. */
    protected final String described(String kind) {
        return name == null ? kind : kind + " \"" + name + "\"";
    }

    /** Its name, for people; the id is made from it. */
    public final B name(String value) {
        name = requireText("name", value);
        return self();
    }

    /** Its id; made from the name unless given, and a UUID when there is none either. */
    public final B id(String value) {
        id = requireText("id", value);
        return self();
    }

    /** What it is: for people, and for the models that work in it. */
    public final B description(String value) {
        description = value;
        return self();
    }

    /** What one run may use up. */
    public final B limits(Limits value) {
        limits = Objects.requireNonNull(value, "limits are null: give Limits.none() for no limit");
        return self();
    }

    /** Adds a cleanup that runs when a run was cancelled. */
    public final B onCancel(CancelHook hook) {
        onCancel = plus(onCancel, Objects.requireNonNull(hook, "the onCancel hook is null"));
        return self();
    }

    /** How long one cleanup may take, and all of them together; 5 s and 10 s unless given. */
    public final B hookTimeouts(Duration each, Duration all) {
        if (each.isNegative() || each.isZero() || all.isNegative() || all.isZero()) {
            throw new IllegalArgumentException("hook timeouts are " + each + " and " + all + ": they must be positive");
        }
        hookTimeout = each;
        hooksTimeout = all;
        return self();
    }

    /** Where its sessions and runs are kept. The runs below it that have no store of their own are kept there too. */
    public final B store(SessionStore value) {
        store = value;
        return self();
    }

    /** Starts runs also while the store does not answer; they end with {@code stored} false if it stays that way. */
    public final B storeOptional(boolean value) {
        storeOptional = value;
        return self();
    }

    /**
     * Which events of its runs are stored, if they are stored at all; {@link EventPolicy#WITHOUT_CONTENT} unless given. Of a
     * tree of runs the policy of the run at the top counts.
     */
    public final B storeEvents(EventPolicy value) {
        storeEvents = Objects.requireNonNull(value, "storeEvents is null: give an EventPolicy");
        return self();
    }

    /** How long the end of a run waits for its store before it is shown all the same; 250 ms unless given. */
    public final B storeWait(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("storeWait is " + value + ": it must not be negative");
        }
        storeWait = value;
        return self();
    }

    /** What happens when a session runs already. */
    public final B sessionPolicy(SessionPolicy value) {
        sessionPolicy = Objects.requireNonNull(value, "sessionPolicy is null: give ALLOW, QUEUE or REJECT");
        return self();
    }

    /** The session state that a run begins with; what the session has, and what the caller gives, is put over it. */
    public final B sessionState(Map<String, Object> value) {
        sessionState = CheckedValues.copy("sessionState", value);
        return self();
    }

    /** Prints a readable trace of each run to standard error. */
    public final B debug(boolean value) {
        debug = value;
        return self();
    }

    /** A list with one more. */
    protected static <T> List<T> plus(List<T> list, T value) {
        var all = new ArrayList<>(list);
        all.add(value);
        return List.copyOf(all);
    }

    /** @throws IllegalArgumentException if {@code value} is blank */
    protected static String requireText(String what, String value) {
        if (Objects.requireNonNull(value, () -> what + " is null: give one, or leave it out")
                .isBlank()) {
            throw new IllegalArgumentException(what + " is blank: give one, or leave it out");
        }
        return value;
    }
}
