package dev.rein.os.internal.wire;

import dev.rein.agent.Agent;
import dev.rein.model.Model;
import dev.rein.run.ComponentKind;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The served components with their members and step executors; source of the names and models shown with runs.
 * Immutable.
 */
public final class ComponentCatalog {
    private record Key(ComponentKind source, String id) {}

    private final Map<Key, Component> components = new HashMap<>();

    private ComponentCatalog() {}

    /** Collects the components with all their members and step executors. If two share an id, the first one wins. */
    public static ComponentCatalog of(Collection<? extends Component> served) {
        var catalog = new ComponentCatalog();
        // Served components first, so that a nested component can't hide them.
        served.forEach(component -> catalog.components.putIfAbsent(key(component), component));
        served.forEach(catalog::addParts);
        return catalog;
    }

    private static Key key(Component component) {
        return new Key(component.kind(), component.id());
    }

    private void add(Component component) {
        if (components.putIfAbsent(key(component), component) == null) {
            addParts(component);
        }
    }

    private void addParts(Component component) {
        if (component instanceof Team team) {
            team.settings().members().forEach(this::add);
        } else if (component instanceof Workflow workflow) {
            workflow.steps().forEach(this::addStep);
        }
    }

    private void addStep(WorkflowStep step) {
        if (step instanceof Step single && single.executor() instanceof Step.Executor.ComponentExecutor runs) {
            add(runs.component());
        }
        step.parts().forEach(this::addStep);
    }

    /** Finds a component; null if unknown, such as the component of a run of an earlier version of the program. */
    public @Nullable Component find(ComponentKind source, String id) {
        return components.get(new Key(source, id));
    }

    /** The name of a component; null if it has none or is unknown. */
    @Nullable
    public String name(ComponentKind source, String id) {
        var component = find(source, id);
        return component == null ? null : component.name();
    }

    /** The model of an agent or a team's leader; null for other components. */
    public @Nullable Model model(ComponentKind source, String id) {
        return switch (find(source, id)) {
            case Agent agent -> agent.settings().model();
            case Team team -> team.settings().leader().model();
            case null, default -> null;
        };
    }
}
