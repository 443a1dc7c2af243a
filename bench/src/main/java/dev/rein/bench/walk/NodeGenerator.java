package dev.rein.bench.walk;

import dev.rein.bench.walk.Act.Kind;
import dev.rein.bench.walk.Node.AgentNode;
import dev.rein.bench.walk.Node.Asks;
import dev.rein.bench.walk.Node.CallNode;
import dev.rein.bench.walk.Node.TeamNode;
import dev.rein.bench.walk.Node.ToolNode;
import dev.rein.bench.walk.Node.Turn;
import dev.rein.bench.walk.Node.Worker;
import dev.rein.bench.walk.Node.WorkflowNode;
import dev.rein.team.TeamMode;
import java.util.ArrayList;
import java.util.List;

/** Generates trees of components. */
final class NodeGenerator {
    /** More would run for seconds without finding more. */
    private static final int MOST_NODES = 14;

    /** What the name of a team begins with whose members answer in its place. */
    static final String ROUTING_TEAM = "routing-team";

    private static final int DEEPEST = 3;
    private static final int FLOOD = 12_000;

    private final Dice dice;
    private final ActGenerator acts;
    private final StepGenerator steps;
    private int names;
    private int nodes;
    private int unasked;

    NodeGenerator(Dice dice) {
        this.dice = dice;
        this.acts = new ActGenerator(dice);
        this.steps = new StepGenerator(dice, acts, this);
    }

    Node root() {
        return node(DEEPEST);
    }

    String fresh(String prefix) {
        return prefix + ++names;
    }

    /** Whether there may be another component below one of this depth. */
    boolean mayDescend(int depth) {
        return depth > 0 && nodes < MOST_NODES;
    }

    Node node(int depth) {
        if (!mayDescend(depth)) {
            return agent(0);
        }
        return switch (dice.below(10)) {
            case 0, 1, 2 -> agent(depth);
            case 3, 4, 5 -> team(depth);
            default -> workflow(depth);
        };
    }

    private Node workflow(int depth) {
        nodes++;
        return new WorkflowNode(fresh("workflow"), steps.steps(dice.between(1, 4), depth - 1), cleanups());
    }

    private Node agent(int depth) {
        nodes++;
        var tools = tools(depth);
        var turns = new ArrayList<Turn>();
        if (!tools.isEmpty()) {
            for (var i = dice.between(1, 2); i > 0; i--) {
                turns.add(turn(
                        dice.list(dice.between(1, 3), () -> call(dice.one(tools).name(), "{}"))));
            }
        }
        turns.add(turn(List.of()));
        return new AgentNode(fresh("agent"), worker(turns, tools));
    }

    private Node team(int depth) {
        nodes++;
        var mode = dice.one(TeamMode.values());
        var showsMembers = dice.percent(85);
        var members = dice.list(dice.between(1, 3), () -> dice.percent(70) ? agent(depth - 1) : member(depth - 1));
        var tools = dice.percent(30) ? tools(depth) : List.<ToolNode>of();
        var turns = new ArrayList<Turn>();
        for (var i = dice.between(1, 2); i > 0; i--) {
            turns.add(turn(delegations(mode, members, tools, turns.isEmpty())));
        }
        turns.add(turn(List.of()));
        var name = fresh(mode == TeamMode.ROUTE ? ROUTING_TEAM : "team");
        return new TeamNode(name, mode, worker(turns, tools), members, showsMembers);
    }

    private Node member(int depth) {
        return mayDescend(depth) ? team(depth) : agent(0);
    }

    private List<CallNode> delegations(TeamMode mode, List<Node> members, List<ToolNode> tools, boolean first) {
        var calls = new ArrayList<CallNode>();
        switch (mode) {
            case COORDINATE, ROUTE -> {
                for (var i = dice.between(1, 3); i > 0; i--) {
                    calls.add(call(
                            "delegate_task_to_member",
                            "{\"member_id\":\"" + dice.one(members).name() + "\",\"task\":\"Work\"}"));
                }
            }
            case BROADCAST -> calls.add(call("delegate_task_to_members", "{\"task\":\"Work\"}"));
            case TASKS -> tasks(members, first, calls);
        }
        if (!tools.isEmpty()) {
            calls.add(call(dice.one(tools).name(), "{}"));
        }
        return calls;
    }

    private void tasks(List<Node> members, boolean first, List<CallNode> calls) {
        if (first) {
            for (var member : members) {
                calls.add(call(
                        "create_task",
                        "{\"title\":\"Task\",\"assignee\":\"" + member.name() + "\"" + ",\"depends_on\":[]}"));
            }
        } else if (dice.percent(50)) {
            calls.add(call("execute_tasks_parallel", "{\"task_ids\":[\"task-1\",\"task-2\",\"task-3\"]}"));
        } else {
            calls.add(call(
                    "execute_task",
                    "{\"task_id\":\"task-1\",\"member_id\":\""
                            + members.getFirst().name() + "\"}"));
        }
    }

    private Worker worker(List<Turn> turns, List<ToolNode> tools) {
        return new Worker(
                List.copyOf(turns),
                tools,
                dice.percent(20) ? List.of(acts.act()) : List.of(),
                dice.percent(20) ? List.of(acts.act()) : List.of(),
                cleanups(),
                dice.percent(20),
                dice.percent(30) ? 2 : 0,
                dice.percent(10));
    }

    private List<Act> cleanups() {
        return dice.percent(25) ? dice.list(dice.between(1, 2), acts::afterwards) : List.of();
    }

    private List<ToolNode> tools(int depth) {
        return dice.list(dice.below(4), () -> tool(depth));
    }

    private ToolNode tool(int depth) {
        var asks = !mayAsk() || dice.percent(85) ? Asks.NOBODY : dice.one(Asks.values());
        return new ToolNode(fresh("tool"), asks, actWithChild(depth), dice.percent(10) ? dice.between(1, 10) : 0);
    }

    /** An act that may run a component of its own. */
    Act actWithChild(int depth) {
        var kind = acts.kind();
        if (!kind.hasChild()) {
            return acts.of(kind);
        }
        if (!mayDescend(depth)) {
            return acts.plain();
        }
        if (kind != Kind.WRAP_CHILD) {
            return acts.of(kind, node(depth - 1));
        }
        // The thread that waits for it is in code of the user, so the run works on and never asks.
        unasked++;
        try {
            return acts.of(kind, node(depth - 1));
        } finally {
            unasked--;
        }
    }

    /** Whether what is generated now may ask people. */
    boolean mayAsk() {
        return unasked == 0;
    }

    private Turn turn(List<CallNode> calls) {
        var act = dice.percent(25) ? acts.act() : Act.NOTHING;
        var actFirst = dice.percent(50);
        var chunks = chunks(!calls.isEmpty());
        var pauseMicros = dice.percent(40) ? dice.below(2_000) : 0;
        // A flood with pauses takes as long as a case that hangs.
        return new Turn(act, actFirst, chunks, chunks.size() == FLOOD ? 0 : pauseMicros, dice.percent(90), calls);
    }

    private List<String> chunks(boolean mayBeSilent) {
        if (mayBeSilent && dice.percent(60)) {
            return List.of();
        }
        if (dice.below(300) == 0) {
            return dice.list(FLOOD, () -> "x");
        }
        return dice.list(
                dice.between(0, 6), () -> dice.one("Once ", "upon ", "a time. ", "\uD83D\uDC09", " ", "", "\n"));
    }

    /** Some models count their calls anew in each response. */
    private CallNode call(String tool, String arguments) {
        return new CallNode(dice.percent(5) ? "call" : fresh("call"), tool, arguments);
    }
}
