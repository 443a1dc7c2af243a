package dev.rein.bench.walk;

import dev.rein.bench.walk.Plan.AfterLeaving;
import dev.rein.bench.walk.Plan.Answer;
import dev.rein.bench.walk.Plan.By;
import dev.rein.bench.walk.Plan.Form;
import dev.rein.bench.walk.Plan.Reader;
import dev.rein.bench.walk.Plan.StopPlan;
import dev.rein.bench.walk.Plan.Store;
import dev.rein.bench.walk.Plan.Trigger;
import dev.rein.bench.walk.Plan.Way;
import dev.rein.cancel.CancelMode;
import dev.rein.runtime.Limits;
import dev.rein.session.EventPolicy;
import java.time.Duration;
import java.util.List;

/** Generates plans. */
final class PlanGenerator {
    private final long seed;
    private final Dice dice;

    private PlanGenerator(long seed) {
        this.seed = seed;
        this.dice = new Dice(seed);
    }

    /** The plan of a seed: the same one each time. */
    static Plan plan(long seed) {
        return new PlanGenerator(seed).plan();
    }

    private Plan plan() {
        var root = new NodeGenerator(dice).root();
        var form = dice.one(Form.values());
        return new Plan(
                seed,
                root,
                dice.one(Store.NONE, Store.MEMORY, Store.MEMORY, Store.SQLITE),
                dice.one(EventPolicy.values()),
                form,
                reader(),
                limits(),
                dice.list(dice.one(0, 1, 1, 1, 1, 1, 2, 2, 3), () -> stop(form)),
                dice.list(dice.between(1, 4), this::answer),
                dice.percent(20) ? new ActGenerator(dice).afterwards() : null);
    }

    private Reader reader() {
        return new Reader(
                dice.percent(25) ? dice.between(1, 4) : 0,
                dice.percent(15) ? dice.below(30) : -1,
                dice.one(AfterLeaving.values()),
                dice.percent(25) ? dice.between(1, 2) : 0);
    }

    private Limits limits() {
        var limits = Limits.none();
        if (dice.percent(12)) {
            limits = limits.deadline(Duration.ofMillis(dice.between(1, 60)));
        }
        if (dice.percent(5)) {
            limits = limits.firstToken(Duration.ofMillis(dice.between(1, 20)));
        }
        if (dice.percent(5)) {
            limits = limits.idle(Duration.ofMillis(dice.between(1, 20)));
        }
        if (dice.percent(8)) {
            limits = limits.tool(Duration.ofMillis(dice.between(1, 15)));
        }
        if (dice.percent(10)) {
            limits = limits.pause(Duration.ofMillis(dice.between(1, 30)));
        }
        if (dice.percent(6)) {
            limits = limits.toolCalls(dice.between(0, 4));
        }
        if (dice.percent(6)) {
            limits = limits.tokens(dice.between(1, 200));
        }
        return limits;
    }

    private StopPlan stop(Form form) {
        var trigger = dice.percent(6)
                ? Trigger.BEFORE_START
                : dice.one(Trigger.TIME, Trigger.TIME, Trigger.EVENT, Trigger.CODE);
        var way = trigger == Trigger.BEFORE_START ? Way.RUN_ID : dice.one(ways(form));
        return new StopPlan(
                trigger,
                at(trigger),
                way,
                trigger == Trigger.TIME || way == Way.INTERRUPT
                        ? dice.one(By.PLATFORM_THREAD, By.VIRTUAL_THREAD)
                        : dice.one(By.values()),
                dice.percent(65) ? CancelMode.NOW : dice.one(CancelMode.values()),
                dice.one(0, 1, 5, 50, 2_000, 2_000, 2_000),
                dice.percent(50) ? dice.below(40) : 60_000,
                dice.below(100));
    }

    private int at(Trigger trigger) {
        return switch (trigger) {
            case BEFORE_START -> 0;
            case TIME -> dice.percent(50) ? dice.below(3_000) : dice.below(40_000);
            case EVENT -> dice.below(dice.one(4, 15, 50));
            case CODE -> dice.below(dice.one(3, 8, 20));
        };
    }

    private static List<Way> ways(Form form) {
        return switch (form) {
            case RUN ->
                List.of(
                        Way.RUN_ID,
                        Way.CANCEL_RUN,
                        Way.COMPONENT,
                        Way.SESSION,
                        Way.USER,
                        Way.CHILD,
                        Way.CHILD,
                        Way.INTERRUPT);
            case STREAM ->
                List.of(
                        Way.RUN_ID,
                        Way.CANCEL_RUN,
                        Way.SESSION,
                        Way.USER,
                        Way.CHILD,
                        Way.CHILD,
                        Way.STREAM,
                        Way.STREAM_AFTER,
                        Way.INTERRUPT);
            case START ->
                List.of(
                        Way.RUN_ID,
                        Way.CANCEL_RUN,
                        Way.COMPONENT,
                        Way.HANDLE,
                        Way.SESSION,
                        Way.USER,
                        Way.CHILD,
                        Way.CHILD);
        };
    }

    private Answer answer() {
        return dice.percent(45) ? Answer.ACCEPT : dice.one(Answer.values());
    }
}
