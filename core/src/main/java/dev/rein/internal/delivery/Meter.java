package dev.rein.internal.delivery;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.Scope;
import dev.rein.model.Pricing;
import dev.rein.model.Usage;
import dev.rein.run.RunMetrics;
import dev.rein.runtime.Limits;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run uses, and the budgets it has. Tokens of a run count against the budgets of every run above it. While a response
 * is streamed its tokens are an estimate, which the provider's count replaces. Guarded by the tree's lock.
 */
public final class Meter {
    /** A common rule of thumb for English text; what OpenAI's own help pages give. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final Scope scope;
    private final @Nullable Meter parent;
    private final Limits limits;

    private Usage counted = Usage.NONE;
    private double countedCost;
    private boolean priceKnown = true;
    private boolean estimated;
    private int modelCalls;
    private int toolCalls;
    private long startedNanos;
    private long firstTokenNanos;

    /** Of the ended runs below it. */
    private Usage usageBelow = Usage.NONE;

    private double costBelow;
    private boolean costBelowKnown = true;

    /** Of this run and all below it. */
    private double treeTokens;

    private double treeCost;
    private int treeToolCalls;

    /** Of the response that is being streamed. */
    private long inputCharacters;

    private long outputCharacters;
    private @Nullable Usage reported;
    private @Nullable Pricing pricing;
    private double bookedTokens;
    private double bookedCost;

    public Meter(Scope scope, @Nullable Meter parent, Limits limits) {
        this.scope = scope;
        this.parent = parent;
        this.limits = limits;
    }

    public void begin() {
        startedNanos = System.nanoTime();
    }

    void callBegins(long characters, @Nullable Pricing price) {
        modelCalls++;
        inputCharacters = characters;
        outputCharacters = 0;
        reported = null;
        pricing = price;
        bookedTokens = 0;
        bookedCost = 0;
        book();
    }

    void output(int characters) {
        if (firstTokenNanos == 0) {
            firstTokenNanos = System.nanoTime();
        }
        outputCharacters += characters;
        book();
    }

    void reported(Usage usage) {
        reported = usage;
        book();
    }

    /** The response is over, complete or not. Calling this twice does nothing. */
    void callEnds() {
        var usage = current();
        estimated |= reported == null && usage.totalTokens() > 0;
        counted = counted.plus(usage);
        if (pricing == null) {
            priceKnown = false;
        } else {
            countedCost += pricing.cost(usage);
        }
        inputCharacters = 0;
        outputCharacters = 0;
        reported = null;
        bookedTokens = 0;
        bookedCost = 0;
    }

    /** The call was refused or never arrived: it has used nothing. */
    void callFails() {
        inputCharacters = 0;
        outputCharacters = 0;
        reported = null;
        book();
    }

    /** Counts a call that is about to begin; one that a budget does not allow stops the run and is not counted. */
    void toolCall() {
        var allowed = true;
        for (var meter = this; meter != null; meter = meter.parent) {
            var most = meter.limits.toolCalls();
            if (most != null && meter.treeToolCalls >= most) {
                allowed = false;
                meter.exceeded("tool calls: " + most + " were allowed");
            }
        }
        if (!allowed) {
            return;
        }
        toolCalls++;
        for (var meter = this; meter != null; meter = meter.parent) {
            meter.treeToolCalls++;
        }
    }

    private Usage current() {
        return reported != null
                ? reported
                : Usage.of(inputCharacters / CHARACTERS_PER_TOKEN, outputCharacters / CHARACTERS_PER_TOKEN);
    }

    private void book() {
        var tokens = reported != null
                ? reported.totalTokens()
                : (double) (inputCharacters + outputCharacters) / CHARACTERS_PER_TOKEN;
        var cost = pricing == null ? 0 : pricing.cost(current());
        var moreTokens = tokens - bookedTokens;
        var moreCost = cost - bookedCost;
        bookedTokens = tokens;
        bookedCost = cost;
        for (var meter = this; meter != null; meter = meter.parent) {
            meter.treeTokens += moreTokens;
            meter.treeCost += moreCost;
            meter.check();
        }
    }

    private void check() {
        var tokens = limits.tokens();
        if (tokens != null && treeTokens > tokens) {
            exceeded("tokens: " + tokens + " were allowed");
        }
        var cost = limits.cost();
        if (cost != null && treeCost > cost) {
            exceeded(String.format(Locale.ROOT, "cost: $%s was allowed", cost));
        }
    }

    private void exceeded(String what) {
        scope.request(CancelRequest.now().kind(CancelKind.BUDGET).reason("the budget is used up: " + what));
    }

    /** A run right below this one has ended, with what it and those below it have used. */
    public void endedBelow(RunMetrics metrics) {
        usageBelow = usageBelow.plus(metrics.totalUsage());
        estimated |= metrics.estimated();
        if (metrics.totalCost() != null) {
            costBelow += metrics.totalCost();
        } else if (metrics.totalUsage().totalTokens() > 0) {
            costBelowKnown = false;
        }
    }

    RunMetrics snapshot() {
        var now = System.nanoTime();
        var usage = counted.plus(current());
        var cost = priceKnown ? countedCost + (pricing == null ? 0 : pricing.cost(current())) : 0;
        var known = priceKnown && modelCalls > 0 && pricing != null;
        var totalKnown = costBelowKnown && (known || (modelCalls == 0 && usageBelow.totalTokens() > 0));
        return new RunMetrics(
                usage,
                estimated || (reported == null && inputCharacters + outputCharacters > 0),
                modelCalls,
                toolCalls,
                Duration.ofNanos(startedNanos == 0 ? 0 : now - startedNanos),
                firstTokenNanos == 0 ? null : Duration.ofNanos(firstTokenNanos - startedNanos),
                known ? cost : null,
                usage.plus(usageBelow),
                totalKnown ? cost + costBelow : null);
    }
}
