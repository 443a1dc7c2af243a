package dev.rein.situations;

import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import java.util.UUID;

/** The three ways to run a component. What holds for one holds for all. */
enum Form {
    RUN {
        @Override
        Started start(Component component, String input, RunOptions options) {
            return Started.run(component, input, withId(options));
        }
    },
    STREAM {
        @Override
        Started start(Component component, String input, RunOptions options) {
            return Started.stream(component, input, withId(options));
        }
    },
    START {
        @Override
        Started start(Component component, String input, RunOptions options) {
            return Started.start(component, input, withId(options));
        }
    };

    /** Starts a run that somebody watches to its end. */
    abstract Started start(Component component, String input, RunOptions options);

    final Started start(Component component, String input) {
        return start(component, input, RunOptions.defaults());
    }

    private static RunOptions withId(RunOptions options) {
        return options.runId() == null ? options.runId(UUID.randomUUID().toString()) : options;
    }
}
