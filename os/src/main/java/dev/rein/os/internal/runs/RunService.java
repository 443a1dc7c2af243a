package dev.rein.os.internal.runs;

import dev.rein.cancel.CancelRequest;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.runs.RunCanceller.Cancelled;
import dev.rein.os.internal.wire.RunMarks;
import dev.rein.queue.DurableOptions;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.ComponentKind;
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunSelector;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Starts, resumes and finds the runs of this server, and applies their disconnect policy. Thread-safe. */
public final class RunService implements AutoCloseable {
    private final Runs runs;
    private final @Nullable SessionStore store;
    private final RecentRuns recent;

    /** The ids of the live runs in the background. */
    private final Set<String> background = ConcurrentHashMap.newKeySet();

    private final Followers followers = new Followers();

    /** How runs in the background are queued in their stores; null if they are not durable. */
    private final @Nullable DurableOptions durable;

    /** The cancel request for all runs; null until shutdown. */
    private volatile @Nullable CancelRequest shutdownRequest;

    /**
     * @param store the store of runs whose component has none; null for none
     * @param keptBytes the memory of ended runs whose events are kept
     * @param durable how runs in the background are queued in their stores; null if they are not durable
     */
    public RunService(Runs runs, @Nullable SessionStore store, int keptBytes, @Nullable DurableOptions durable) {
        this.durable = durable;
        this.recent = new RecentRuns(System::nanoTime, keptBytes);
        this.runs = runs;
        this.store = store;
    }

    /** Whether the run of a request is durable. */
    boolean isDurable(RunRequest request) {
        return durable != null && request.background();
    }

    /** Whether runs in the background are durable. */
    boolean hasDurableRuns() {
        return durable != null;
    }

    /**
     * Puts a run into the queue of its store. Whoever executes it is the one to know of its end.
     *
     * @return the run, which is an earlier one if that has the idempotency key
     * @throws Problem if the run is refused
     */
    RunHandle startDurable(Component component, RunRequest request) {
        if (request.answerType() != null) {
            throw Problem.badRequest("output_schema can't be kept with a run in the background, which is durable on"
                    + " this server: leave it out, or give the component its answer type");
        }
        if (!request.dependencies().isEmpty() || request.addDependencies()) {
            throw Problem.badRequest("dependencies can't be kept with a run in the background, which is durable on"
                    + " this server: leave them out, or send metadata");
        }
        var key = request.idempotencyKey();
        var options = request.options();
        options = options.metadata(RunMarks.addDurable(options.metadata(), request.stream(), key))
                .durable(Objects.requireNonNull(durable)
                        .idempotencyKey(key == null ? null : keyOf(request.userId(), key)));
        RunHandle run;
        try {
            run = component.start(request.input(), store == null ? options : options.store(store));
        } catch (RunRejectedException e) {
            if (e.reason() == RunRejectedException.Reason.ID_USED && key != null) {
                throw Problem.conflict("Idempotency-Key was already used by a different component"
                        + (request.runId() == null ? "" : ", or the run_id is taken")
                        + "; reuse a key only to retry the identical submission");
            }
            throw problem(e);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
        if (key != null && RunMarks.isStreamed(run.output()) != request.stream()) {
            throw Problem.conflict(
                    request.stream()
                            ? "Idempotency-Key was used by a non-streaming submission; poll run " + run.id()
                                    + " instead of attaching a stream"
                            : "Idempotency-Key was used by a streaming submission; resume run " + run.id()
                                    + " instead of polling it");
        }
        return run;
    }

    /** The key in the store: each user has keys of their own, so that nobody finds the run of another user by its key. */
    private static String keyOf(@Nullable String userId, String key) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            var text = (userId == null ? "" : "user " + userId) + "\n" + key;
            return "agentos:" + HexFormat.of().formatHex(hash.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws Problem if the run is refused */
    public RunHandle start(Component component, RunRequest request) {
        RunHandle run;
        try {
            var options = store == null ? request.options() : request.options().store(store);
            var type = request.answerType();
            run = type == null
                    ? component.start(request.input(), options)
                    : component.start(request.input(), type, options);
        } catch (RunRejectedException e) {
            throw problem(e);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
        add(run, request.background());
        return run;
    }

    /**
     * Resumes a paused run with decisions: a run of this process or a stored one.
     *
     * @param dependencies those of a run that this process does not have, see {@link RunOptions#dependencies(Map)}
     * @throws Problem if the decisions do not match what the run asked for
     */
    public RunHandle continueRun(
            Component component,
            String runId,
            @Nullable SessionStore where,
            List<Decision> decisions,
            Map<String, Object> dependencies,
            boolean background) {
        var given = RunOptions.defaults().dependencies(dependencies);
        var options = where == null ? given : given.store(where);
        RunHandle run;
        try {
            run = component.continueRun(runId, options, decisions.toArray(Decision[]::new));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
        if (recent.find(runId).isEmpty()) {
            add(run, background);
        } else if (background) {
            markBackground(run);
        }
        return run;
    }

    private void add(RunHandle run, boolean background) {
        recent.add(run);
        if (background) {
            markBackground(run);
        }
        run.onEnd(_ -> recent.ended(run, background));
        var end = shutdownRequest;
        if (end != null) {
            // The run started during the shutdown and was not among those cancelled.
            run.cancel(end);
        }
    }

    private void markBackground(RunHandle run) {
        background.add(run.id());
        run.onEnd(_ -> background.remove(run.id()));
    }

    /**
     * Whether the lists of a session's runs show a root run: not while it is in progress in the foreground. Clients that
     * stream such a run load the list meanwhile, and would replace what they have received by the unfinished run.
     */
    public boolean isListed(StoredRun run) {
        return RunMarks.isDurable(run) || isListed(run.runId(), run.status());
    }

    /** The same for a run with this id and status. */
    public boolean isListed(String runId, RunStatus status) {
        return status.isTerminal() || status == RunStatus.PAUSED || background.contains(runId);
    }

    /** The response to a refused run. */
    public static Problem problem(RunRejectedException e) {
        var message = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case QUEUE_FULL -> Problem.of(429, message);
            case CLOSED, STORE_UNAVAILABLE, TOO_MANY_ABANDONED -> Problem.unavailable(message);
            case SESSION_BUSY -> Problem.conflict(message, "session_busy");
            // The same for each, so that the refusal does not say what became of another user's run.
            case ID_LIVE, ID_USED -> Problem.conflict("the run_id is taken: choose another, or leave it out");
            case NOT_ASKED -> Problem.conflict(message);
        };
    }

    /** Finds a run of this component that is live or recently ended, if the caller may see it. */
    public Optional<RunHandle> find(String runId, ComponentKind kind, Component component, Caller caller) {
        var live = runs.find(runId);
        if (live.isPresent()) {
            var run = live.get();
            return run.source() == kind && run.componentId().equals(component.id()) && caller.sees(run.userId())
                    ? runs.handle(runId)
                    : Optional.empty();
        }
        return recent.find(runId).filter(handle -> {
            var run = handle.output();
            return run.source() == kind && run.componentId().equals(component.id()) && caller.sees(run.userId());
        });
    }

    /**
     * Keeps a cancel request for an unknown run, which may be about to start. It applies only to a run that the caller may
     * see.
     *
     * @param session the session that the run must belong to; null for any
     * @return the result if the run has started meanwhile; otherwise null
     */
    @Nullable
    Cancelled cancelLater(
            Component component, String runId, @Nullable String session, Caller caller, CancelRequest request) {
        if (caller.isolated() && caller.userId() == null) {
            return null;
        }
        var selector = RunSelector.all()
                .component(component.kind(), component.id())
                .session(session)
                .user(caller.isolated() ? caller.userId() : null);
        var result = runs.cancel(runId, request, selector);
        return result.outcome() == Outcome.REMEMBERED
                ? null
                : new Cancelled(result, runs.handle(runId).orElse(null));
    }

    /**
     * The events of a run of another process; see {@link Runs#eventsElsewhere}.
     *
     * @param run the row of the run, which is not in this process
     * @param after the index of the last event that is not read; -1 for all events
     * @return empty if the run has ended, or is paused and no process has it: then all that is left of it is stored
     */
    public Optional<EventStream> eventsElsewhere(StoredRun run, long after) {
        if (run.status().isTerminal() || (run.status() == RunStatus.PAUSED && run.owner() == null)) {
            return Optional.empty();
        }
        try {
            return runs.eventsElsewhere(run.runId(), after);
        } catch (IllegalStateException e) {
            throw Problem.unavailable("the store does not answer: try again soon");
        }
    }

    /** Notes that a client follows the run, until the result is closed. */
    public OpenStreams.Permit follow(RunHandle run) {
        return followers.follow(run);
    }

    /**
     * Applies the disconnect policy: the client that started the run has disconnected. A delayed cancel waits for the other
     * clients that follow the run. To be called while the client still counts as one of them.
     */
    void clientDisconnected(RunHandle run, DisconnectPolicy policy) {
        if (!(policy instanceof DisconnectPolicy.CancelAfter after)) {
            return;
        }
        if (after.delay().isZero()) {
            run.cancel(Followers.request());
        } else {
            followers.cancelAfter(run, after.delay());
        }
    }

    /** Number of scheduled cancels of runs whose client has disconnected. */
    int pendingDisconnects() {
        return followers.scheduled();
    }

    /** Cancels all runs, including those that start later. */
    public void cancelAll(CancelRequest request) {
        shutdownRequest = request;
        recent.live().forEach(run -> run.cancel(request));
    }

    /** Waits until no run is executing. */
    public boolean awaitIdle(Duration atMost) throws InterruptedException {
        return recent.awaitIdle(atMost);
    }

    @Override
    public void close() {
        followers.close();
    }
}
