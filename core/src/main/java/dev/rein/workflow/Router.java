package dev.rein.workflow;

import dev.rein.internal.Ids;
import java.util.List;
import java.util.Objects;

/**
 * A choice among steps: those that a function, or people, name are executed one after the other.
 *
 * @param id a UUID
 * @param name unique in its workflow
 * @param selector what chooses
 * @param parts what it chooses from, at least one
 */
public record Router(String id, String name, Selector selector, List<WorkflowStep> parts) implements WorkflowStep {

    /** What chooses. */
    public sealed interface Selector {
        /**
         * Code.
         *
         * @param choice the code
         */
        record ByFunction(Choice choice) implements Selector {
            public ByFunction {
                Objects.requireNonNull(choice, "the router's choice is null");
            }
        }

        /**
         * People: the run is paused until they have.
         *
         * @param question what to ask them
         */
        record ByPeople(String question) implements Selector {
            public ByPeople {
                Objects.requireNonNull(question, "the router's question is null");
            }
        }
    }

    /** Chooses by code. */
    @FunctionalInterface
    public interface Choice {
        /** @return the names of the steps to execute, in this order; may be empty, null is refused */
        List<String> choose(StepInput input) throws Exception;
    }

    public Router {
        parts = StepValidation.requireSteps("Router", name, parts);
    }

    public static Router of(String name, Choice choice, WorkflowStep... choices) {
        return new Router(Ids.ofRun(), name, new Selector.ByFunction(choice), List.of(choices));
    }

    /** @param question what to ask people; the run is paused until they have chosen */
    public static Router asking(String name, String question, WorkflowStep... choices) {
        return new Router(Ids.ofRun(), name, new Selector.ByPeople(question), List.of(choices));
    }
}
