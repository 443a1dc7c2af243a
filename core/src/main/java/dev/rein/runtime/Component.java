package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.durable.DurableComponent;
import dev.rein.internal.durable.StoredOptions;
import dev.rein.internal.run.RunPlan;
import dev.rein.internal.tool.AnswerType;
import dev.rein.internal.tool.TypedValues;
import dev.rein.run.CancelResult;
import dev.rein.run.ComponentKind;
import dev.rein.run.Decision;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.TypeRef;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import dev.rein.tool.ToolSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent, a team or a workflow: something that can be run. Immutable and thread-safe; one instance serves any number of
 * concurrent runs.
 *
 * <p>There are three ways to run a component, which differ only in how the caller waits: {@code run} blocks until the run
 * has ended, {@code stream} provides the events as they happen, and {@code start} returns at once. None of them throws
 * for a run that is cancelled, fails or pauses: check {@link RunOutput#status()} or call {@link RunOutput#orThrow()}.
 * They throw {@link RunRejectedException} or {@link IllegalArgumentException} if no run can be started at all.
 */
public abstract class Component {

    /** For subclasses in Rein only. */
    protected Component() {}

    /**
     * The id: the one given to the builder; otherwise the name in lower case, with dashes in place of spaces, underscores
     * and characters that the path of a URL can't hold, and without accents; otherwise a UUID that differs in each
     * process. A name with letters that have no Latin form adds a hash of itself.
     */
    public abstract String id();

    /** The name; null for none. */
    public abstract @Nullable String name();

    /** The kind of this component. */
    public abstract ComponentKind kind();

    /** The {@link Runs} that the runs of this component belong to, unless they are part of another run. */
    public abstract Runs runs();

    /**
     * Returns a tool that runs this component, with its id as the name; see {@link #asTool(String, String)}. The description has its name and
     * what is known of its purpose.
     */
    public final ToolSpec asTool() {
        return asTool(ComponentTool.name(this), ComponentTool.description(this, purpose()));
    }

    /**
     * Returns a tool by which the model of another component gives this one a task, as a text. A call is a child run: it belongs to the session
     * of the caller, its events are among the caller's, it is stopped with it, and when it is paused, so is the caller. The model reads its
     * text, or why it failed; if it was stopped alone, that and the text so far. Runs are nested 16 deep at most.
     */
    public final ToolSpec asTool(String name, String description) {
        return ComponentTool.of(this, name, description);
    }

    /** What this component is for, in its role or description; may be empty. For subclasses in Rein only. */
    protected String purpose() {
        return "";
    }

    /** The settings that all components have. For subclasses in Rein only. */
    protected abstract ComponentSettings componentSettings();

    /** Returns the plan of one run. */
    protected abstract RunPlan plan(RunInput input, RunOptions options, @Nullable TypeRef<?> answerType);

    private RunPlan checkedPlan(RunInput input, RunOptions options, @Nullable TypeRef<?> answerType) {
        var plan = plan(input, options, answerType);
        var type = plan.component().inputType();
        if (type != null) {
            requireInput(type, input);
        }
        return plan;
    }

    private void requireInput(TypeRef<?> type, RunInput input) {
        var known = AnswerType.of(type);
        try {
            TypedValues.readWhole(input.text(), known);
        } catch (IllegalArgumentException e) {
            var problem = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(
                    "the input of " + id() + " is not a valid " + known + ": "
                            + (problem.startsWith("the answer ")
                                    ? "it " + problem.substring("the answer ".length())
                                    : problem),
                    e);
        }
    }

    /**
     * Runs this component and waits until the run has ended or is paused. If the waiting thread is interrupted, the
     * disconnect policy applies, which cancels the run by default.
     */
    public final RunOutput run(String input) {
        return run(RunInput.of(input), RunOptions.defaults());
    }

    public final RunOutput run(String input, RunOptions options) {
        return run(RunInput.of(input), options);
    }

    public final RunOutput run(RunInput input, RunOptions options) {
        return runs().kernel().run(checkedPlan(input, options, null)).output();
    }

    /**
     * Runs this component and returns a value: the model must answer with JSON that matches the schema of {@code type},
     * and is asked again if it does not. A workflow asks its last step.
     *
     * @param type the type of the value: a record, a sealed interface, a plain class, an enum, an array, a number, a string ..
     * @throws IllegalArgumentException if the type is not supported in JSON, or is generic: see {@link #run(String, TypeRef)}
     */
    public final <T> TypedOutput<T> run(String input, Class<T> type) {
        return run(input, TypeRef.of(type));
    }

    public final <T> TypedOutput<T> run(String input, Class<T> type, RunOptions options) {
        return run(input, TypeRef.of(type), options);
    }

    public final <T> TypedOutput<T> run(RunInput input, Class<T> type, RunOptions options) {
        return run(input, TypeRef.of(type), options);
    }

    /**
     * Runs this component and returns a value of a type with type arguments, like {@link #run(String, Class)}.
     *
     * @param type the type of the value, such as {@code new TypeRef<List<Story>>() {}}
     * @throws IllegalArgumentException if the type is not supported in JSON
     */
    public final <T> TypedOutput<T> run(String input, TypeRef<T> type) {
        return run(input, type, RunOptions.defaults());
    }

    public final <T> TypedOutput<T> run(String input, TypeRef<T> type, RunOptions options) {
        return run(RunInput.of(input), type, options);
    }

    public final <T> TypedOutput<T> run(RunInput input, TypeRef<T> type, RunOptions options) {
        return TypedOutput.of(runs().kernel().run(checkedPlan(input, options, type)));
    }

    /**
     * Runs this component and prints the run to standard output as it happens: text, tool calls with arguments and times, the runs below it
     * indented, and at the end the time, the tokens and the cost. A terminal also shows what the run does now, and for how long; elsewhere plain
     * text is printed. If the process is told to exit meanwhile, as by Ctrl-C, the run is stopped, and that is printed too.
     *
     * @return the output of the run, which has ended or is paused; a paused one is resumed with {@code continueStream(..).print()}
     */
    public final RunOutput print(String input) {
        return print(RunInput.of(input), RunOptions.defaults());
    }

    public final RunOutput print(String input, RunOptions options) {
        return print(RunInput.of(input), options);
    }

    public final RunOutput print(RunInput input, RunOptions options) {
        try (var stream = stream(input, options)) {
            return stream.print();
        }
    }

    /** Starts a run and returns a stream of its events. The caller must close the stream. */
    public final RunStream stream(String input) {
        return stream(RunInput.of(input), RunOptions.defaults());
    }

    public final RunStream stream(String input, RunOptions options) {
        return stream(RunInput.of(input), options);
    }

    public final RunStream stream(RunInput input, RunOptions options) {
        return runs().kernel().stream(checkedPlan(input, options, null)).stream();
    }

    /** Starts a run that returns a value, see {@link #run(String, Class)}, and returns a stream of its events. */
    public final <T> TypedRunStream<T> stream(String input, Class<T> type) {
        return stream(input, TypeRef.of(type));
    }

    public final <T> TypedRunStream<T> stream(String input, Class<T> type, RunOptions options) {
        return stream(input, TypeRef.of(type), options);
    }

    public final <T> TypedRunStream<T> stream(RunInput input, Class<T> type, RunOptions options) {
        return stream(input, TypeRef.of(type), options);
    }

    /** Starts a run that returns a value, see {@link #run(String, TypeRef)}, and returns a stream of its events. */
    public final <T> TypedRunStream<T> stream(String input, TypeRef<T> type) {
        return stream(input, type, RunOptions.defaults());
    }

    public final <T> TypedRunStream<T> stream(String input, TypeRef<T> type, RunOptions options) {
        return stream(RunInput.of(input), type, options);
    }

    public final <T> TypedRunStream<T> stream(RunInput input, TypeRef<T> type, RunOptions options) {
        return new StreamedRun<>(runs().kernel().stream(checkedPlan(input, options, type)));
    }

    /**
     * Starts a run in the background and returns its handle at once.
     *
     * <p>A {@linkplain RunOptions#durable() durable} run is accepted when the store has it in its queue. It is executed by this process or
     * by another one that executes the durable runs of this component: one that has started such a run itself, or has called {@link
     * Runs#executeDurableRuns(Component)}. The handle works for all of them.
     */
    public final RunHandle start(String input) {
        return start(RunInput.of(input), RunOptions.defaults());
    }

    public final RunHandle start(String input, RunOptions options) {
        return start(RunInput.of(input), options);
    }

    public final RunHandle start(RunInput input, RunOptions options) {
        var plan = checkedPlan(input, options, null);
        return options.durability() == null
                ? runs().kernel().start(plan)
                : runs().durable().start(plan, durable(options.store()));
    }

    /** Starts a run that returns a value, see {@link #run(String, Class)}, and returns its handle at once. */
    public final <T> TypedRunHandle<T> start(String input, Class<T> type) {
        return start(input, TypeRef.of(type));
    }

    public final <T> TypedRunHandle<T> start(String input, Class<T> type, RunOptions options) {
        return start(input, TypeRef.of(type), options);
    }

    public final <T> TypedRunHandle<T> start(RunInput input, Class<T> type, RunOptions options) {
        return start(input, TypeRef.of(type), options);
    }

    /** Starts a run that returns a value, see {@link #run(String, TypeRef)}, and returns its handle at once. */
    public final <T> TypedRunHandle<T> start(String input, TypeRef<T> type) {
        return start(input, type, RunOptions.defaults());
    }

    public final <T> TypedRunHandle<T> start(String input, TypeRef<T> type, RunOptions options) {
        return start(RunInput.of(input), type, options);
    }

    public final <T> TypedRunHandle<T> start(RunInput input, TypeRef<T> type, RunOptions options) {
        return new StartedRun<>(runs().kernel().start(checkedPlan(input, options, type)));
    }

    /**
     * Resumes a paused run with decisions on its requirements.
     *
     * <p>A run that was paused by another process with the same store is resumed in this process, whether or not the
     * other one still lives. Completed work is not repeated. This component must be built like the one in that process;
     * the steps of a workflow may differ after the point that it has reached. Budgets and time limits start anew.
     *
     * @param runId the id of the paused run, or of the run below it that asks
     * @param decisions one for each of the {@link RunOutput#requirements()}. The run stays paused while some are missing;
     *     a run of another process needs all of them at once
     * @return the handle of the resumed run
     * @throws RunRejectedException if the run does not wait for these decisions, for example because it has ended or was
     *     resumed already; or if a run of another process cannot be resumed in this one. The message says why; the run is
     *     unchanged
     * @throws IllegalArgumentException if a decision is not valid for its requirement
     */
    public final RunHandle continueRun(String runId, Decision... decisions) {
        return continueRun(runId, RunOptions.defaults(), decisions);
    }

    /**
     * Resumes a paused run like {@link #continueRun(String, Decision...)}, with options for a run of another process: its
     * store, and the limits and other settings from now on. Its ids, metadata and system message are kept. A model and tools of
     * its options must be given again. The options have no effect on a run of this process.
     */
    public final RunHandle continueRun(String runId, RunOptions options, Decision... decisions) {
        return runs().kernel().decide(runId, null, List.of(decisions), again(options, null));
    }

    /**
     * Resumes a paused run that returns a value, like {@link #continueRun(String, Decision...)}, and waits until it has
     * ended or is paused again.
     *
     * @param type the type that the run was started with, see {@link #run(String, Class)}; any other type is rejected
     */
    public final <T> TypedOutput<T> continueRun(String runId, Class<T> type, Decision... decisions) {
        return continueRun(runId, TypeRef.of(type), decisions);
    }

    /**
     * Resumes a paused run that returns a value, with options; see {@link #continueRun(String, RunOptions, Decision...)}.
     */
    public final <T> TypedOutput<T> continueRun(
            String runId, Class<T> type, RunOptions options, Decision... decisions) {
        return continueRun(runId, TypeRef.of(type), options, decisions);
    }

    /** Resumes a paused run that returns a value of a type with type arguments, see {@link #run(String, TypeRef)}. */
    public final <T> TypedOutput<T> continueRun(String runId, TypeRef<T> type, Decision... decisions) {
        return continueRun(runId, type, RunOptions.defaults(), decisions);
    }

    public final <T> TypedOutput<T> continueRun(
            String runId, TypeRef<T> type, RunOptions options, Decision... decisions) {
        return TypedOutput.of(runs().kernel().decideAndAwait(runId, type, List.of(decisions), again(options, type)));
    }

    /** Resumes a paused run and returns a stream of its further events. The caller must close the stream. */
    public final RunStream continueStream(String runId, Decision... decisions) {
        return continueStream(runId, RunOptions.defaults(), decisions);
    }

    /** Resumes a paused run, with options, and returns a stream of its further events. The caller must close the stream. */
    public final RunStream continueStream(String runId, RunOptions options, Decision... decisions) {
        return runs().kernel().decideAndStream(runId, null, List.of(decisions), again(options, null)).stream();
    }

    /** Resumes a paused run that returns a value, and returns a stream of its further events. The caller must close it. */
    public final <T> TypedRunStream<T> continueStream(
            String runId, TypeRef<T> type, RunOptions options, Decision... decisions) {
        return new StreamedRun<>(
                runs().kernel().decideAndStream(runId, type, List.of(decisions), again(options, type)));
    }

    /** This component, as far as its durable runs need to know it. */
    final DurableComponent durable(@Nullable SessionStore ofOptions) {
        var settings = componentSettings();
        var store = settings.store() != null ? settings.store() : ofOptions;
        return new DurableComponent(kind(), id(), store, settings.sessionPolicy(), claim -> {
            var options = StoredOptions.restored(claim.run(), claim.place().options());
            return plan(claim.run().input(), store == null ? options : options.store(store), null);
        });
    }

    private RunPlan.Again again(RunOptions options, @Nullable TypeRef<?> answerType) {
        if (options.store() != null) {
            runs().kernel().uses(options.store());
        }
        return row -> plan(
                row.input(),
                resuming(options, row)
                        .runId(row.runId())
                        .sessionId(row.sessionId())
                        .userId(row.userId())
                        .metadata(row.metadata()),
                answerType == null ? storedSchema(row) : answerType);
    }

    /** The JSON schema that a run was started with, which is stored with it; null for none. */
    private static @Nullable TypeRef<?> storedSchema(StoredRun row) {
        var stored = row.pause() == null ? null : row.pause().answerType();
        return stored != null && stored.startsWith("{") ? TypeRef.ofSchema(stored) : null;
    }

    /** The options of a resume, with the settings that the run was started with behind those given now. */
    private static RunOptions resuming(RunOptions options, StoredRun row) {
        var stored = row.pause() == null ? null : row.pause().options();
        return stored == null
                ? options
                : options.settings(options.modelOptions().settings().orElse(stored.settings()));
    }

    /**
     * Stops a run now, of this process or of another one with the same store.
     *
     * @return whether the run was live and will now end as CANCELLED
     */
    public final boolean cancelRun(String runId) {
        return cancel(runId, CancelRequest.now()).stopping();
    }

    /**
     * Stops a run, of this process or of another one that shares a store with this one. A run of another process is
     * looked up in all shared stores that this process uses, which are those of its components and of the options of its
     * runs; the call then waits up to one second for the acknowledgement of that process, see {@link
     * CancelResult#acknowledged}.
     */
    public final CancelResult cancel(String runId, CancelRequest request) {
        return runs().cancel(runId, request);
    }
}
