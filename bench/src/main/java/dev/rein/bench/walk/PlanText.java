package dev.rein.bench.walk;

import dev.rein.bench.walk.Node.AgentNode;
import dev.rein.bench.walk.Node.TeamNode;
import dev.rein.bench.walk.Node.Turn;
import dev.rein.bench.walk.Node.Worker;
import dev.rein.bench.walk.Node.WorkflowNode;
import dev.rein.bench.walk.StepNode.ComponentStep;
import dev.rein.bench.walk.StepNode.Composite;
import dev.rein.bench.walk.StepNode.ExternalStep;
import dev.rein.bench.walk.StepNode.FunctionStep;
import dev.rein.bench.walk.StepNode.Handling;
import dev.rein.bench.walk.StepNode.Questions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A plan as indented text, for people. */
final class PlanText {
    private static final int LONGEST = 60;

    private final StringBuilder text = new StringBuilder();
    private final Set<String> shown = new HashSet<>();

    private PlanText() {}

    static String of(Plan plan) {
        var writer = new PlanText();
        writer.line(0, plan.form() + ", store " + plan.store() + " (" + plan.storeEvents() + " events)");
        writer.line(0, "reader: " + plan.reader());
        writer.line(0, "limits: " + plan.limits());
        writer.line(
                0, "answers: " + plan.answers() + (plan.listener() == null ? "" : ", listener: " + plan.listener()));
        plan.stops().forEach(stop -> writer.line(0, "stop: " + stop));
        writer.node(0, plan.root());
        return writer.text.toString();
    }

    private void line(int depth, String line) {
        text.append("  ".repeat(depth)).append(line).append('\n');
    }

    private void node(int depth, Node node) {
        if (!shown.add(node.name())) {
            line(depth, node.name() + ", see above");
            return;
        }
        var cleanups = node.cleanups().isEmpty() ? "" : ", cleanups " + node.cleanups();
        switch (node) {
            case AgentNode agent -> {
                line(depth, agent.name() + options(agent.worker()) + cleanups);
                worker(depth + 1, agent.worker());
            }
            case TeamNode team -> {
                line(
                        depth,
                        team.name() + " " + team.mode() + (team.showsMembers() ? "" : ", members hidden")
                                + options(team.leader()) + cleanups);
                worker(depth + 1, team.leader());
                team.members().forEach(member -> node(depth + 1, member));
            }
            case WorkflowNode workflow -> {
                line(depth, workflow.name() + cleanups);
                workflow.steps().forEach(step -> step(depth + 1, step));
            }
        }
    }

    private static String options(Worker worker) {
        return (worker.sequential() ? ", sequential tools" : "")
                + (worker.retries() == 0 ? "" : ", retries " + worker.retries())
                + (worker.fallback() ? ", with a fallback" : "");
    }

    private void worker(int depth, Worker worker) {
        worker.before().forEach(act -> line(depth, "before: " + act));
        worker.turns().forEach(turn -> line(depth, turn(turn)));
        worker.after().forEach(act -> line(depth, "after: " + act));
        for (var tool : worker.tools()) {
            line(
                    depth,
                    tool.name() + ": " + tool.act() + ", asks " + tool.asks()
                            + (tool.timeoutMillis() == 0 ? "" : ", at most " + tool.timeoutMillis() + " ms"));
            child(depth + 1, tool.act());
        }
    }

    private static String turn(Turn turn) {
        var said = String.join("|", turn.chunks()).replace("\n", "\\n");
        var calls = turn.calls().stream()
                .map(call -> call.tool() + " " + call.arguments() + " as " + call.id())
                .toList();
        return "turn: " + (turn.actFirst() ? turn.act() + ", then " : "") + "\""
                + (said.length() > LONGEST
                        ? said.substring(0, LONGEST) + "...\" of "
                                + turn.chunks().size()
                        : said + "\"")
                + (turn.streamed() ? "" : " not streamed")
                + (turn.pauseMicros() == 0 ? "" : " each " + turn.pauseMicros() + " us")
                + (turn.actFirst() ? "" : ", then " + turn.act())
                + (calls.isEmpty() ? "" : ", calls " + calls);
    }

    private void child(int depth, Act act) {
        var child = act.child();
        if (child != null) {
            node(depth, child);
        }
    }

    private void step(int depth, StepNode step) {
        switch (step) {
            case FunctionStep function -> {
                line(depth, function.name() + ": " + function.act() + handling(function.handling()));
                child(depth + 1, function.act());
            }
            case ComponentStep component -> {
                line(depth, component.name() + " of a component" + handling(component.handling()));
                node(depth + 1, component.component());
            }
            case ExternalStep external -> line(depth, external.name() + " elsewhere" + handling(external.handling()));
            case Composite composite -> composite(depth, composite);
        }
    }

    private void composite(int depth, Composite composite) {
        line(
                depth,
                composite.name() + " " + composite.composition() + ", " + composite.count() + ", by "
                        + composite.decision()
                        + (composite.questions().equals(Questions.NONE) ? "" : ", " + composite.questions()));
        composite.parts().forEach(part -> step(depth + 1, part));
    }

    private static String handling(Handling handling) {
        return List.of(
                        "asks " + handling.asks(),
                        "retries " + handling.retries(),
                        "at most " + handling.timeoutMillis() + " ms",
                        "on error " + handling.onError(),
                        handling.questions().equals(Questions.NONE) ? " 0" : String.valueOf(handling.questions()))
                .stream()
                .filter(each -> !each.endsWith(" NOBODY") && !each.endsWith(" 0") && !each.endsWith(" 0 ms"))
                .collect(Collectors.joining(", ", ", ", ""));
    }
}
