package dev.rein.workflow;

import dev.rein.internal.run.RunPlan;
import dev.rein.internal.workflow.Mermaid;
import dev.rein.internal.workflow.WorkflowPlan;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.runtime.Component;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps that are executed in one run.
 *
 * {@snippet :
 * var article = Workflow.builder().name("Article Workflow")
 *         .steps(Step.of("research", researcher), Step.of("writing", writer)).build();
 * System.out.println(article.run("Dragons that code").orThrow().text());
 * }
 *
 * A run can answer with a type: the last output is read as it, and if the last step is executed by an agent, a team or a workflow,
 * that is asked for it.
 *
 * <p>The text of the output is the result of the last step. For a workflow that was stopped it is the last text of its
 * steps, and {@link dev.rein.run.RunOutput#steps()} has the results of each step.
 */
public final class Workflow extends Component {
    private final ComponentSettings settings;
    private final List<WorkflowStep> steps;
    private final int history;

    Workflow(ComponentSettings settings, List<WorkflowStep> steps, int history) {
        this.settings = settings;
        this.steps = steps;
        this.history = history;
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

    /** The settings that all components have. */
    public ComponentSettings settings() {
        return settings;
    }

    /** The steps, in their order. */
    public List<WorkflowStep> steps() {
        return steps;
    }

    /** How many earlier runs of the session the steps see; see {@link WorkflowBuilder#addHistory}. */
    public int history() {
        return history;
    }

    /** Returns the steps as a Mermaid flowchart. */
    public String toMermaid() {
        return Mermaid.flowchart(steps);
    }

    @Override
    public Runs runs() {
        return settings.runs();
    }

    @Override
    protected ComponentSettings componentSettings() {
        return settings;
    }

    @Override
    public ComponentKind kind() {
        return ComponentKind.WORKFLOW;
    }

    @Override
    protected RunPlan plan(RunInput input, RunOptions options, @Nullable TypeRef<?> answerType) {
        return WorkflowPlan.of(this, input, options, answerType);
    }

    @Override
    public String toString() {
        return "Workflow " + id();
    }
}
