package dev.rein.workflow;

import dev.rein.internal.run.RunPlan;
import dev.rein.internal.workflow.Mermaid;
import dev.rein.internal.workflow.WorkflowPlan;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.runtime.Component;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.RunOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps that are executed as one run.
 *
 * {@snippet :
 * var article = Workflow.builder().name("Article Workflow")
 *         .steps(Step.of("research", researcher), Step.of("writing", writer)).build();
 * System.out.println(article.run("Dragons that code").text());
 * }
 *
 * The result is that of the last step. A workflow that is stopped has the last text of its steps, and {@link
 * dev.rein.run.RunOutput#steps()} tells how far each one got.
 */
public final class Workflow extends Component {
    private final ComponentSettings settings;
    private final List<WorkflowStep> steps;

    Workflow(ComponentSettings settings, List<WorkflowStep> steps) {
        this.settings = settings;
        this.steps = steps;
    }

    public static WorkflowBuilder builder() {
        return new WorkflowBuilder();
    }

    @Override
    public String id() {
        return settings.id();
    }

    @Override
    public @Nullable String name() {
        return settings.name();
    }

    /** What every component has. */
    public ComponentSettings settings() {
        return settings;
    }

    public List<WorkflowStep> steps() {
        return steps;
    }

    /** A picture of the flow, as a flowchart in the language of Mermaid. */
    public String toMermaid() {
        return Mermaid.flowchart(steps);
    }

    @Override
    public ComponentKind kind() {
        return ComponentKind.WORKFLOW;
    }

    @Override
    protected RunPlan plan(RunInput input, RunOptions options, @Nullable Class<?> outputType) {
        if (outputType != null) {
            throw new IllegalArgumentException("workflow " + id() + " can't answer with a " + outputType.getSimpleName()
                    + ": it has no model of its own; ask the agent of its last step for one");
        }
        return WorkflowPlan.of(this, input, options);
    }

    @Override
    public String toString() {
        return "Workflow " + id();
    }
}
