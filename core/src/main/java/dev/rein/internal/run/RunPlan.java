package dev.rein.internal.run;

import dev.rein.run.CancelHook;
import dev.rein.run.Limits;
import dev.rein.run.RunInput;
import dev.rein.run.RunOptions;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Source;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How to run a component once: all that the kernel needs to know about it.
 *
 * @param source what kind of component it is
 * @param componentId its id
 * @param componentName its name; null when it has none
 * @param input what it is given
 * @param options how this run differs
 * @param limits the component's own limits
 * @param onCancel the component's cleanups
 * @param hookTimeout how long one cleanup may take
 * @param hooksTimeout how long all of them may take
 * @param storing its store; null for none
 * @param pieces what {@link Kernel} counts abandoned threads by: the names of its tools
 * @param trace gets every event, for debugging; null for none
 * @param started makes the run's first event
 * @param body what it does
 */
public record RunPlan(
        Source source,
        String componentId,
        @Nullable String componentName,
        RunInput input,
        RunOptions options,
        Limits limits,
        List<CancelHook> onCancel,
        Duration hookTimeout,
        Duration hooksTimeout,
        @Nullable Storing storing,
        List<String> pieces,
        @Nullable Consumer<RunEvent> trace,
        Function<EventMeta, RunEvent> started,
        Body body) {

    /** What a component does in a run, on the run's thread. */
    @FunctionalInterface
    public interface Body {
        /**
         * @return the run's value, for callers that asked for one; null for none
         * @throws Exception to end the run as ERROR; anything thrown after a stop counts as the stop
         */
        @Nullable
        Object execute(Run run) throws Exception;
    }
}
