package dev.rein.bench.walk;

import dev.rein.bench.walk.Hostile.BrokenMessageException;
import dev.rein.bench.walk.Hostile.UserError;
import dev.rein.bench.walk.Hostile.UserException;
import dev.rein.bench.walk.Hostile.WithoutText;
import dev.rein.bench.walk.Journal.Code;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation.Registration;
import dev.rein.run.RunContext;
import dev.rein.runtime.Component;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Does what an {@link Act} says. */
final class UserCode {
    private static final int FIRST_EVENTS = 4;

    private final Journal journal;
    private final ComponentFactory components;

    UserCode(Journal journal, ComponentFactory components) {
        this.journal = journal;
        this.components = components;
    }

    /** Enters user code and performs. @return what the code gives, where somebody asks for it */
    @Nullable
    Object enter(Code code, String name, Act act, RunContext context) throws Exception {
        journal.started(code, name, context.runId());
        return perform(act, context);
    }

    @Nullable
    Object perform(Act act, RunContext context) throws Exception {
        return act.kind().needsRun() ? inRun(act, context) : alone(act);
    }

    /** Code of a listener, which has no run any more. */
    static void afterwards(Act act) {
        try {
            alone(act);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Object alone(Act act) throws Exception {
        switch (act.kind()) {
            case RETURN -> {}
            case RETURN_NULL -> {
                return null;
            }
            case RETURN_WITHOUT_TEXT -> {
                return new WithoutText();
            }
            case RETURN_JSON -> {
                return Map.of("list", List.of(1, 2), "text", "\uD83D\uDC09");
            }
            case SLEEP -> Thread.sleep(act.millis());
            case DEAF -> Naps.deaf(act.millis());
            case SPIN -> Naps.spin(act.millis());
            case LEAVE_INTERRUPT_SET -> Thread.currentThread().interrupt();
            case THROW -> throw new IllegalStateException("user code fails");
            case THROW_CHECKED -> throw new UserException("user code fails");
            case THROW_ERROR -> throw new UserError("user code fails badly");
            case THROW_WITHOUT_MESSAGE -> throw new NullPointerException();
            case THROW_BROKEN_MESSAGE -> throw new BrokenMessageException(false);
            case THROW_FATAL_MESSAGE -> throw new BrokenMessageException(true);
            default -> throw new IllegalArgumentException(act.toString());
        }
        return "done";
    }

    private Object inRun(Act act, RunContext context) throws Exception {
        switch (act.kind()) {
            case WAIT -> context.cancellation().sleep(Duration.ofMillis(act.millis()));
            case SWALLOW -> swallow(act);
            case EMIT -> context.emit("told", Map.of("millis", act.millis()));
            case EMIT_SLOW -> context.emit("slow", Hostile.slow(act.millis()));
            case EMIT_BROKEN -> context.emit("broken", Hostile.broken());
            case EMIT_LOCKED -> context.emit("locked", Hostile.locked(act.millis()));
            case STATE -> context.sessionState().put("key-" + act.millis(), act.millis());
            case STATE_LOCKED -> lockState(act, context);
            case CANCEL_SELF -> {
                var request = CancelRequest.now();
                journal.stopped(request, context.cancel(request));
            }
            case CLEANUP -> context.onCancelled(() -> Naps.deaf(act.millis()));
            case ABORTER, ABORTER_SLOW, ABORTER_THROWS, ABORTER_CLOSES_ITSELF -> abortable(act, context);
            default -> runChild(act, context);
        }
        return "done";
    }

    private static void swallow(Act act) {
        try {
            Thread.sleep(act.millis());
        } catch (InterruptedException e) {
            // What it is for.
        }
    }

    private static void lockState(Act act, RunContext context) throws InterruptedException {
        Map<String, Object> map = Collections.synchronizedMap(new HashMap<>());
        context.sessionState().put("locked", map);
        synchronized (map) {
            Thread.sleep(act.millis());
        }
    }

    private static void abortable(Act act, RunContext context) throws InterruptedException {
        var registration = new AtomicReference<@Nullable Registration>();
        registration.set(context.cancellation().onCancel(() -> {
            switch (act.kind()) {
                case ABORTER_SLOW -> Naps.deaf(act.millis());
                case ABORTER_THROWS -> throw new UserException("the aborter fails");
                case ABORTER_CLOSES_ITSELF -> {
                    var own = registration.get();
                    if (own != null) {
                        own.close();
                    }
                }
                default -> {}
            }
        }));
        try {
            Thread.sleep(act.millis());
        } finally {
            Objects.requireNonNull(registration.get()).close();
        }
    }

    private void runChild(Act act, RunContext context) throws Exception {
        var child = components.component(Objects.requireNonNull(act.child()));
        switch (act.kind()) {
            case RUN_CHILD -> child.run("Work");
            case STREAM_CHILD -> stream(child, Integer.MAX_VALUE);
            case LEAVE_CHILD -> stream(child, FIRST_EVENTS);
            case START_CHILD -> child.start("Work");
            case WRAP_CHILD -> {
                var task = new FutureTask<>(context.wrap(() -> child.run("Work")));
                Thread.ofVirtual().name("walk-wrapped").start(task);
                task.get();
            }
            default -> throw new IllegalArgumentException(act.toString());
        }
    }

    private static void stream(Component child, int most) {
        try (var events = child.stream("Work")) {
            var seen = 0;
            for (var _ : events) {
                if (++seen >= most) {
                    break;
                }
            }
        }
    }
}
