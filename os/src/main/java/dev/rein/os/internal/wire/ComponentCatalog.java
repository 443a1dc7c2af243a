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

/** The components that are served, and those that they are made of: whose names and models runs are shown with. Immutable. */
public final class ComponentCatalog {
    private record Key(ComponentKind source, String id) {}

    private final Map<Key, Component> components = new HashMap<>();

    private ComponentCatalog() {}

    /** The components with all their members and the executors of their steps. Of two with one id the first one counts. */
    public static ComponentCatalog of(Collection<? extends Component> served) {
        var catalog = new ComponentCatalog();
        // Those that are served first: what is somewhere inside another must not hide them.
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

    /** A component; null if it is not known, such as one of a run of an earlier version of the program. */
    public @Nullable Component find(ComponentKind source, String id) {
        return components.get(new Key(source, id));
    }

    /** A component's name; null if it has none or is not known. */
    @Nullable
    String name(ComponentKind source, String id) {
        var component = find(source, id);
        return component == null ? null : component.name();
    }

    /** The model that an agent or the leader of a team asks; null for others. */
    @Nullable
    Model model(ComponentKind source, String id) {
        return switch (find(source, id)) {
            case Agent agent -> agent.settings().model();
            case Team team -> team.settings().leader().model();
            case null, default -> null;
        };
    }
}
