package dev.rein.bench.walk;

import dev.rein.bench.walk.Node.Asks;
import dev.rein.bench.walk.StepNode.ComponentStep;
import dev.rein.bench.walk.StepNode.Composite;
import dev.rein.bench.walk.StepNode.Composition;
import dev.rein.bench.walk.StepNode.ExternalStep;
import dev.rein.bench.walk.StepNode.FunctionStep;
import dev.rein.bench.walk.StepNode.Handling;
import dev.rein.bench.walk.StepNode.Questions;
import dev.rein.workflow.OnError;
import dev.rein.workflow.OnTimeout;
import java.util.List;

/** Generates the steps of workflows. */
final class StepGenerator {
    private final Dice dice;
    private final ActGenerator acts;
    private final NodeGenerator nodes;

    StepGenerator(Dice dice, ActGenerator acts, NodeGenerator nodes) {
        this.dice = dice;
        this.acts = acts;
        this.nodes = nodes;
    }

    List<StepNode> steps(int count, int depth) {
        return dice.list(count, () -> step(depth));
    }

    private StepNode step(int depth) {
        var choice = dice.below(100);
        if (choice < 40) {
            return new FunctionStep(nodes.fresh("step"), nodes.actWithChild(depth), handling());
        }
        if (choice < 65) {
            return new ComponentStep(nodes.fresh("step"), nodes.node(depth), handling());
        }
        if (choice < 68 && nodes.mayAsk()) {
            return new ExternalStep(nodes.fresh("step"), handling());
        }
        return nodes.mayDescend(depth)
                ? composite(depth)
                : new FunctionStep(nodes.fresh("step"), acts.act(), handling());
    }

    private StepNode composite(int depth) {
        var composition = dice.percent(40) ? Composition.PARALLEL : dice.one(Composition.values());
        if (composition == Composition.ASKING_ROUTER && !nodes.mayAsk()) {
            composition = Composition.ROUTER;
        }
        return new Composite(
                nodes.fresh("group"),
                composition,
                steps(dice.between(1, composition == Composition.PARALLEL ? 4 : 3), depth - 1),
                dice.percent(70) ? acts.plain() : acts.act(),
                dice.between(1, 3),
                questions(true));
    }

    private Handling handling() {
        return new Handling(
                !nodes.mayAsk() || dice.percent(94) ? Asks.NOBODY : dice.one(Asks.FOR_CONFIRMATION, Asks.FOR_INPUT),
                dice.percent(15) ? dice.between(1, 2) : 0,
                dice.percent(12) ? dice.between(1, 15) : 0,
                dice.percent(60)
                        ? OnError.FAIL
                        : nodes.mayAsk() ? dice.one(OnError.SKIP, OnError.SKIP, OnError.PAUSE) : OnError.SKIP,
                questions(false));
    }

    private Questions questions(boolean composite) {
        if (!nodes.mayAsk() || dice.percent(90)) {
            return Questions.NONE;
        }
        var reviews = !composite || dice.percent(60);
        return new Questions(
                composite && dice.percent(60),
                reviews,
                dice.percent(30),
                dice.percent(30) ? dice.between(1, 20) : 0,
                dice.one(OnTimeout.values()));
    }
}
