package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.run.Kernel;
import dev.rein.internal.run.RunPlan;
import dev.rein.run.CancelResult;
import dev.rein.run.ComponentKind;
import dev.rein.run.Decision;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be run: an agent, a team or a workflow. Immutable and thread-safe; one instance serves any number of runs at
 * once.
 *
 * <p>There are three ways to run one, and they are one path: {@code start} begins a run in the background, {@code run} is
 * {@code start} and a wait, {@code stream} is {@code start} and an iteration. None of them throws for a run that is
 * cancelled, fails or pauses: look at {@link RunOutput#status()}. They throw {@link RunRejectedException} or {@link
 * IllegalArgumentException} for what can't be run at all, and then no run exists.
 */
public abstract class Component {

    /** For the classes of Rein itself. */
    protected Component() {}

    /**
     * The one it was built with, else its name in lower case with dashes for spaces and underscores, else a UUID, another one in
     * each process.
     */
    public abstract String id();

    public abstract @Nullable String name();

    /** What kind of component this is. */
    public abstract ComponentKind kind();

    /** How to run this once. */
    protected abstract RunPlan plan(RunInput input, RunOptions options, @Nullable Class<?> outputType);

    /** Runs and waits for the end. Interrupting the waiting thread applies the disconnect policy: by default it cancels. */
    public final RunOutput run(String input) {
        return run(RunInput.of(input), RunOptions.defaults());
    }

    public final RunOutput run(String input, RunOptions options) {
        return run(RunInput.of(input), options);
    }

    public final RunOutput run(RunInput input, RunOptions options) {
        return Kernel.shared().run(plan(input, options, null)).output();
    }

    /**
     * Runs and answers with a value: the model is held to the JSON schema of {@code type}, and asked again when its answer
     * does not fit.
     *
     * @param type a record, as a rule
     * @throws IllegalArgumentException if JSON can't express the type
     */
    public final <T> TypedOutput<T> run(String input, Class<T> type) {
        return run(RunInput.of(input), type, RunOptions.defaults());
    }

    public final <T> TypedOutput<T> run(RunInput input, Class<T> type, RunOptions options) {
        if (type.isPrimitive()) {
            throw new IllegalArgumentException(
                    "the answer's type is " + type + ": give the class of an object, such as Integer.class");
        }
        var run = Kernel.shared().run(plan(input, options, type));
        return new TypedOutput<>(run.output(), type.cast(run.value()));
    }

    /** Runs, and gives the events as they happen. Close the stream. */
    public final RunStream stream(String input) {
        return stream(RunInput.of(input), RunOptions.defaults());
    }

    public final RunStream stream(String input, RunOptions options) {
        return stream(RunInput.of(input), options);
    }

    public final RunStream stream(RunInput input, RunOptions options) {
        return Kernel.shared().stream(plan(input, options, null));
    }

    /** Starts a run in the background and returns at once. */
    public final RunHandle start(String input) {
        return start(RunInput.of(input), RunOptions.defaults());
    }

    public final RunHandle start(String input, RunOptions options) {
        return start(RunInput.of(input), options);
    }

    public final RunHandle start(RunInput input, RunOptions options) {
        return Kernel.shared().start(plan(input, options, null));
    }

    /**
     * Gives a paused run what it waits for, and lets it go on.
     *
     * <p>A paused run that another process has left in a store that both share, be it that it ended or that it still lives,
     * goes on in this process: what was done there is not done again. Its component must be built as it was there; a workflow's
     * steps may differ from where it had come to on. Budgets and time limits begin anew.
     *
     * @param runId the paused run, or the one that asks; of this process, or of another one that shares its store
     * @param decisions one for each of its {@link RunOutput#requirements()}; while some are missing the run stays paused. A run
     *     of another process needs all of them
     * @return the run: wait for it, or read its events
     * @throws RunRejectedException if it waits for none, or not for these: it has ended, was stopped, or goes on already; or it
     *     is of another process and can't go on in this one: the message says why, and the run stays as it is
     * @throws IllegalArgumentException if a decision does not answer what is asked
     */
    public final RunHandle continueRun(String runId, Decision... decisions) {
        return continueRun(runId, RunOptions.defaults(), decisions);
    }

    /**
     * The same with options for a run of another process: the store where it is found, and the limits and the like of what
     * follows. Ids and metadata stay as they are. They change nothing for a run of this process.
     */
    public final RunHandle continueRun(String runId, RunOptions options, Decision... decisions) {
        return Kernel.shared().decide(runId, List.of(decisions), again(options, null));
    }

    /**
     * Gives a paused run that answers with a value what it waits for, and waits until it has ended or is paused again. What
     * {@link #continueRun(String, Decision...)} says holds here too.
     *
     * @param type what it was started with in {@link #run(String, Class)}; another one is refused
     */
    public final <T> TypedOutput<T> continueRun(String runId, Class<T> type, Decision... decisions) {
        return continueRun(runId, type, RunOptions.defaults(), decisions);
    }

    /** The same with options for a run of another process; see {@link #continueRun(String, RunOptions, Decision...)}. */
    public final <T> TypedOutput<T> continueRun(
            String runId, Class<T> type, RunOptions options, Decision... decisions) {
        var run = Kernel.shared().decideAndAwait(runId, type, List.of(decisions), again(options, type));
        return new TypedOutput<>(run.output(), type.cast(run.value()));
    }

    /** {@link #continueRun} with a stream of what follows, for the run's new owner. Close the stream. */
    public final RunStream continueStream(String runId, Decision... decisions) {
        return continueStream(runId, RunOptions.defaults(), decisions);
    }

    /** {@link #continueRun(String, RunOptions, Decision...)} with a stream of what follows. Close the stream. */
    public final RunStream continueStream(String runId, RunOptions options, Decision... decisions) {
        return Kernel.shared().decideAndStream(runId, List.of(decisions), again(options, null));
    }

    private RunPlan.Again again(RunOptions options, @Nullable Class<?> outputType) {
        if (options.store() != null) {
            Kernel.shared().uses(options.store());
        }
        return row -> plan(
                row.input(),
                options.runId(row.runId())
                        .sessionId(row.sessionId())
                        .userId(row.userId())
                        .metadata(row.metadata()),
                outputType);
    }

    /**
     * Stops a run now: one of this process, or of another one that shares a store with it.
     *
     * @return whether it was live and will now end cancelled
     */
    public final boolean cancelRun(String runId) {
        return cancel(runId, CancelRequest.now()).stopping();
    }

    /**
     * Stops a run: one of this process, or of another one that shares a store with it. For that every store is asked that is
     * shared and that this process uses: those of the components that were built, and of the options of runs. Waits up to a
     * second for the other process to take it, see {@link CancelResult#taken}.
     */
    public final CancelResult cancel(String runId, CancelRequest request) {
        return Kernel.shared().cancel(runId, request);
    }
}
