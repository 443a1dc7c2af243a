package dev.rein.workflow;

import dev.rein.internal.Ids;
import java.util.List;
import java.util.Objects;

/**
 * A choice among steps, by a function or by people. The chosen steps are executed in sequence. Immutable.
 *
 * @param id a UUID
 * @param name the name, unique in its workflow
 * @param selector the function or people that choose
 * @param parts the steps to choose from, at least one
 * @param humanReview what the step asks people
 */
public record Router(String id, String name, Selector selector, List<WorkflowStep> parts, HumanReview humanReview)
        implements WorkflowStep, HumanReviewed<Router> {

    /** The function or people that choose. */
    public sealed interface Selector {
        /**
         * Choice by a function.
         *
         * @param choice the function
         */
        record ByFunction(Choice choice) implements Selector {
            public ByFunction {
                Objects.requireNonNull(choice, "the router's choice is null");
            }
        }

        /**
         * Choice by people; the run is paused until then.
         *
         * @param question the question
         */
        record ByPeople(String question) implements Selector {
            public ByPeople {
                Objects.requireNonNull(question, "the router's question is null");
            }
        }
    }

    /** A function that chooses steps. */
    @FunctionalInterface
    public interface Choice {
        /**
         * Chooses steps.
         *
         * @return the names of the steps to execute, in this order; may be empty, but not null
         */
        List<String> choose(StepInput input) throws Exception;
    }

    public Router {
        parts = StepValidation.requireSteps("Router", name, parts);
    }

    /** Returns a router whose steps are chosen by a function. */
    public static Router of(String name, Choice choice, WorkflowStep... choices) {
        return new Router(Ids.ofRun(), name, new Selector.ByFunction(choice), List.of(choices), HumanReview.none());
    }

    /** Returns a router whose steps are chosen by people; the run is paused until then. */
    public static Router asking(String name, String question, WorkflowStep... choices) {
        return new Router(Ids.ofRun(), name, new Selector.ByPeople(question), List.of(choices), HumanReview.none());
    }

    @Override
    public Router humanReview(HumanReview value) {
        return new Router(Ids.ofRun(), name, selector, parts, value);
    }
}
