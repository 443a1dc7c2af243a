package dev.rein.internal.workflow;

import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.WorkflowStep;
import java.util.ArrayList;
import java.util.List;

/** Renders a workflow as a Mermaid flowchart, https://mermaid.js.org/syntax/flowchart.html. */
public final class Mermaid {
    /** A node from which an edge leaves a step, and the label of that edge. */
    private record End(String node, String label) {}

    private final StringBuilder text = new StringBuilder("flowchart TD\n");
    private int nodes;

    private Mermaid() {}

    public static String flowchart(List<WorkflowStep> steps) {
        var drawing = new Mermaid();
        drawing.line("start([start])");
        var ends = drawing.sequence(steps, List.of(new End("start", "")));
        drawing.line("finish([end])");
        drawing.connect(ends, "finish");
        return drawing.text.toString();
    }

    private void line(String line) {
        text.append("    ").append(line).append('\n');
    }

    private String node(String open, String label, String close) {
        var id = "n" + nodes++;
        line(id + open + "\"" + escaped(label) + "\"" + close);
        return id;
    }

    private static String escaped(String label) {
        return label.replace("&", "#amp;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace(">", "#gt;")
                .replace('\n', ' ');
    }

    private void connect(List<End> from, String to) {
        for (var end : from) {
            line(end.node + " -->" + (end.label.isEmpty() ? " " : "|\"" + escaped(end.label) + "\"| ") + to);
        }
    }

    private List<End> sequence(List<WorkflowStep> steps, List<End> from) {
        var ends = from;
        for (var step : steps) {
            ends = draw(step, ends);
        }
        return ends;
    }

    private List<End> draw(WorkflowStep step, List<End> from) {
        return switch (step) {
            case Step one -> after(node(shape(one)[0], one.name(), shape(one)[1]), from);
            case Steps steps -> sequence(steps.parts(), from);
            case Parallel parallel -> {
                var fork = after(node("[/", parallel.name(), "/]"), from);
                var ends = new ArrayList<End>();
                parallel.parts().forEach(branch -> ends.addAll(draw(branch, fork)));
                yield after(node("[\\", "all of " + parallel.name(), "\\]"), ends);
            }
            case Loop loop -> {
                var head = node("{{", loop.name(), "}}");
                connect(from, head);
                var ends = sequence(loop.parts(), List.of(new End(head, "")));
                var again = ends.stream()
                        .map(end -> new End(end.node, "again, at most " + loop.maxIterations() + " times"))
                        .toList();
                connect(again, head);
                yield ends.stream().map(end -> new End(end.node, "done")).toList();
            }
            case Condition condition -> {
                var test = node("{", condition.name(), "}");
                connect(from, test);
                var ends = new ArrayList<>(sequence(condition.then(), List.of(new End(test, "yes"))));
                ends.addAll(sequence(condition.otherwise(), List.of(new End(test, "no"))));
                yield ends;
            }
            case Router router -> {
                var choice = node("{", router.name(), "}");
                connect(from, choice);
                var ends = new ArrayList<End>();
                router.parts().forEach(part -> ends.addAll(draw(part, List.of(new End(choice, part.name())))));
                yield ends;
            }
        };
    }

    private List<End> after(String node, List<End> from) {
        connect(from, node);
        return List.of(new End(node, ""));
    }

    private static String[] shape(Step step) {
        return switch (step.executor()) {
            case Step.Executor.ComponentExecutor _ -> new String[] {"[", "]"};
            case Step.Executor.FunctionExecutor _ -> new String[] {"[[", "]]"};
            case Step.Executor.ExternalExecutor _ -> new String[] {"[/", "\\]"};
        };
    }
}
