package dev.rein.bench.walk;

import dev.rein.bench.walk.Node.Asks;
import dev.rein.workflow.OnError;
import dev.rein.workflow.OnTimeout;
import java.util.List;

/** A step of a plan's workflow. */
sealed interface StepNode {
    String name();

    /** A leaf: exactly one of a function, a component, and people does the work. */
    sealed interface Leaf extends StepNode {
        Handling handling();
    }

    record FunctionStep(String name, Act act, Handling handling) implements Leaf {}

    record ComponentStep(String name, Node component, Handling handling) implements Leaf {}

    record ExternalStep(String name, Handling handling) implements Leaf {}

    /** What composes steps. */
    enum Composition {
        STEPS,
        PARALLEL,
        LOOP,
        CONDITION,
        ROUTER,
        ASKING_ROUTER
    }

    /**
     * Steps in a composite.
     *
     * @param decision how the code that decides behaves: condition, end of a loop, or choice
     * @param count iterations of a loop, or choices of a router
     */
    record Composite(
            String name, Composition composition, List<StepNode> parts, Act decision, int count, Questions questions)
            implements StepNode {}

    /** @param timeoutMillis 0 for none */
    record Handling(Asks asks, int retries, int timeoutMillis, OnError onError, Questions questions) {}

    /**
     * What people are asked about a step.
     *
     * @param confirms whether a composite is confirmed
     * @param reviews whether the output is reviewed
     * @param skips whether what is rejected is skipped; otherwise an output is made again
     * @param timeoutMillis how long a question waits; 0 for no limit
     */
    record Questions(boolean confirms, boolean reviews, boolean skips, int timeoutMillis, OnTimeout onTimeout) {
        static final Questions NONE = new Questions(false, false, false, 0, OnTimeout.CANCEL);
    }
}
