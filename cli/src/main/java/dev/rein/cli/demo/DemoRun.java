package dev.rein.cli.demo;

import dev.rein.run.RunOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunStream;
import java.util.function.Supplier;

/**
 * A run of a demo, streamed or in the background.
 *
 * @param id the run's id
 * @param events the run's events
 * @param output supplies the run's output
 */
record DemoRun(String id, EventStream events, Supplier<RunOutput> output) implements AutoCloseable {

    /** Starts the run of a demo. */
    static DemoRun start(Demo demo, Component component, String prompt) {
        return demo.inBackground() ? of(component.start(prompt)) : of(component.stream(prompt));
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
