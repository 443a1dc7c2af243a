package dev.rein.cli.demo;

import dev.rein.run.RunOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunStream;
import java.util.function.Supplier;

/**
 * A run of a demo, streamed or in the background: what both have in common.
 *
 * @param id its id
 * @param events its events
 * @param output what it has come to
 */
record DemoRun(String id, EventStream events, Supplier<RunOutput> output) implements AutoCloseable {

    /** Runs the step's component as the step says. */
    static DemoRun begin(Demo step, Component component, String prompt) {
        return step.inBackground() ? of(component.start(prompt)) : of(component.stream(prompt));
    }

    private static DemoRun of(RunStream stream) {
        return new DemoRun(stream.runId(), stream, stream::output);
    }

    private static DemoRun of(RunHandle run) {
        return new DemoRun(run.id(), run.events(), run::output);
    }

    @Override
    public void close() {
        events.close();
    }
}
