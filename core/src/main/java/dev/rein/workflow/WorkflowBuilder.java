package dev.rein.workflow;

import dev.rein.runtime.ComponentBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds a {@link Workflow}. Only {@link #steps} is required. Not thread-safe; may build more than one. */
public final class WorkflowBuilder extends ComponentBuilder<WorkflowBuilder> {
    private static final int MAX_HISTORY = 1_000;

    private List<WorkflowStep> steps = List.of();
    private int history;

    WorkflowBuilder() {}

    @Override
    protected WorkflowBuilder self() {
        return this;
    }

    /** Adds steps, which are executed in this order. */
    public WorkflowBuilder steps(WorkflowStep... values) {
        var all = new ArrayList<>(steps);
        all.addAll(List.of(values));
        steps = List.copyOf(all);
        return this;
    }

    /**
     * Gives the steps the latest completed runs of this workflow in the session: functions by {@link StepInput#history}, and agents,
     * teams and workflows as a text before their input. Needs a store and a session id.
     *
     * @param runs the maximum number of runs, 0 to 1,000; 0 by default
     */
    public WorkflowBuilder addHistory(int runs) {
        if (runs < 0 || runs > MAX_HISTORY) {
            throw new IllegalArgumentException("history of " + runs + " runs: give 0 to " + MAX_HISTORY);
        }
        history = runs;
        return this;
    }

    /**
     * Builds a workflow.
     *
     * @throws IllegalStateException if there are no steps, if two different steps have the same name, or if what is set for a step's
     *     questions does not fit what it asks, or if there is a history and no store
     */
    public Workflow build() {
        var kind = described("workflow");
        if (steps.isEmpty()) {
            throw new IllegalStateException(kind + " has no steps: call steps(..) before build()");
        }
        requireUniqueNames(kind, steps, new HashMap<>());
        var component = component();
        if (history > 0 && component.store() == null) {
            throw new IllegalStateException("addHistory(" + history + ") needs a store: call store(..) before build()");
        }
        return new Workflow(component, steps, history);
    }

    private static void requireUniqueNames(String kind, List<WorkflowStep> steps, Map<String, WorkflowStep> byName) {
        for (var step : steps) {
            StepValidation.requireFittingQuestions(kind, step);
            var other = byName.putIfAbsent(step.name(), step);
            if (other != null && !other.id().equals(step.id())) {
                throw new IllegalStateException(kind + " has two steps named \"" + step.name()
                        + "\": results are found by name, so give each a different one");
            }
            requireUniqueNames(kind, step.parts(), byName);
        }
    }
}
