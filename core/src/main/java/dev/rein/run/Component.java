package dev.rein.run;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.run.Kernel;
import dev.rein.internal.run.RunPlan;
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

    /** The name in lower case with dashes for spaces and underscores; a UUID when there is no name. */
    public abstract String id();

    public abstract @Nullable String name();

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
     */
    public final <T> TypedOutput<T> run(String input, Class<T> type) {
        return run(RunInput.of(input), type, RunOptions.defaults());
    }

    public final <T> TypedOutput<T> run(RunInput input, Class<T> type, RunOptions options) {
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
     * @param runId the paused run, or the one that asks; of this process
     * @param decisions one for each of its {@link RunOutput#requirements()}; while some are missing the run stays paused
     * @return the run: wait for it, or read its events
     * @throws RunRejectedException if it waits for none, or not for these: it has ended, was stopped, or goes on already
     * @throws IllegalArgumentException if a decision does not answer what is asked
     */
    public final RunHandle continueRun(String runId, Decision... decisions) {
        return Kernel.shared().decide(runId, List.of(decisions));
    }

    /** {@link #continueRun} with a stream of what follows, for the run's new owner. Close the stream. */
    public final RunStream continueStream(String runId, Decision... decisions) {
        return Kernel.shared().decideAndStream(runId, List.of(decisions));
    }

    /**
     * Stops a run of this process now.
     *
     * @return whether it was live and will now end cancelled
     */
    public final boolean cancelRun(String runId) {
        return cancel(runId, CancelRequest.now()).stopping();
    }

    /** Stops a run of this process. */
    public final CancelResult cancel(String runId, CancelRequest request) {
        return Kernel.shared().cancel(runId, request);
    }
}
