package dev.rein.internal.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.PausableTimer;
import dev.rein.internal.stop.Scope;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A piece of a run's work on a virtual thread of its own, such as a tool call: stopped with its run, or alone. Its state is
 * guarded by the tree's lock.
 *
 * @param <T> what it comes to
 */
public final class Subtask<T> {
    /**
     * What a piece does.
     *
     * @param <T> what it comes to
     */
    @FunctionalInterface
    public interface Code<T> {
        T call(Context context) throws Exception;
    }

    private static final Logger log = LoggerFactory.getLogger(Subtask.class);

    private final Run run;
    private final Scope scope;
    private final Context context;
    private final Code<T> code;
    private final Consumer<Subtask<T>> onEnd;
    private final Consumer<Subtask<T>> afterEnd;
    private final @Nullable PausableTimer timeout;
    private final long startedNanos = System.nanoTime();
    private @Nullable T value;
    private @Nullable Throwable error;
    private @Nullable RunFailure failure;
    private @Nullable RunStatus status;
    private long endedNanos;

    private Subtask(
            Context base,
            String what,
            @Nullable String toolCallId,
            @Nullable Duration atMost,
            Code<T> code,
            Consumer<Subtask<T>> onEnd,
            Consumer<Subtask<T>> afterEnd) {
        this.run = base.run();
        this.scope = base.scope().childPiece(what);
        this.context = base.in(scope, toolCallId);
        this.code = code;
        this.onEnd = onEnd;
        this.afterEnd = afterEnd;
        this.timeout = atMost == null
                ? null
                : new PausableTimer(
                        scope,
                        atMost,
                        () -> scope.request(CancelRequest.now()
                                .kind(CancelKind.DEADLINE)
                                .reason(what + " did not end within " + atMost.toMillis() + " ms")));
        if (timeout != null) {
            scope.guarded(timeout::resume);
            scope.onPauseChange(waits -> {
                if (waits) {
                    timeout.pause();
                } else {
                    timeout.resume();
                }
            });
        }
    }

    /**
     * Starts a piece.
     *
     * @param base what it is a piece of
     * @param what what it is, for people
     * @param atMost when it is stopped; null for never
     * @param onEnd told of its end, under the tree's lock
     * @param afterEnd told of it afterwards, without the lock
     */
    static <T> Subtask<T> start(
            Context base,
            String what,
            @Nullable String toolCallId,
            @Nullable Duration atMost,
            Code<T> code,
            Consumer<Subtask<T>> onEnd,
            Consumer<Subtask<T>> afterEnd) {
        var piece = new Subtask<>(base, what, toolCallId, atMost, code, onEnd, afterEnd);
        var thread = Thread.ofVirtual().name("rein-" + what).unstarted(piece::work);
        piece.scope.attach(thread, () -> piece.abandoned());
        thread.start();
        return piece;
    }

    private void work() {
        T result = null;
        Throwable thrown = null;
        try {
            if (scope.begin()) {
                result = CurrentRun.call(context, () -> code.call(context));
            }
        } catch (Throwable e) {
            thrown = e;
        }
        // Described before the lock is taken: the message is made by code of the user's.
        end(result, thrown, thrown == null ? null : RunFailure.of(thrown));
    }

    /** Its thread was abandoned. Called without the lock, on a thread that many need. */
    private void abandoned() {
        finish(null, null, null);
        run.kernel().environment().executeSurely(() -> afterEnd.accept(this));
    }

    /** At one go under the lock: of many pieces that end at once each would wait for it several times. */
    private void end(@Nullable T result, @Nullable Throwable thrown, @Nullable RunFailure why) {
        var ours = scope.locked(() -> {
            var left = scope.leave();
            if (left) {
                scope.awaitAborts();
                finish(result, thrown, why);
            }
            return left;
        });
        if (ours) {
            afterEnd.accept(this);
        }
    }

    private void finish(@Nullable T result, @Nullable Throwable thrown, @Nullable RunFailure why) {
        scope.locked(() -> {
            value = result;
            error = thrown;
            failure = why;
            endedNanos = System.nanoTime();
            status = scope.decide(thrown == null ? RunStatus.COMPLETED : RunStatus.ERROR);
            if (timeout != null) {
                timeout.end();
            }
            try {
                onEnd.accept(this);
            } catch (RuntimeException | Error e) {
                // It must end all the same: everybody above waits for it.
                log.error("what follows the end of a part of run {} failed", run.id(), e);
                error = e;
                failure = RunFailure.of(e);
                status = status == RunStatus.CANCELLED ? status : RunStatus.ERROR;
            }
            run.scope().abandoned(scope.abandonedThreads());
            scope.end();
            return true;
        });
    }

    public boolean isOver() {
        return status != null;
    }

    /** COMPLETED, ERROR or CANCELLED; once it is over. */
    public RunStatus status() {
        return Objects.requireNonNull(status);
    }

    /** What it came to, if it completed. */
    public @Nullable T value() {
        return value;
    }

    /** What it threw, if it failed. */
    public @Nullable Throwable error() {
        return error;
    }

    /** The same as a description. */
    public @Nullable RunFailure failure() {
        return failure;
    }

    /** Why it was stopped, if it was. */
    public @Nullable CancelCause cause() {
        return scope.cause();
    }

    /** Stops it, and not its run. */
    public void stop(CancelRequest request) {
        scope.request(request);
    }

    public Duration duration() {
        return Duration.ofNanos(endedNanos - startedNanos);
    }
}
