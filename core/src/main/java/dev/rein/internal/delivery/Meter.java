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
 * A run's usage, cost and budgets. Usage counts against the budgets of all ancestors too. While a response is streamed, its
 * tokens are estimated, until the provider's count replaces the estimate. Guarded by the tree's lock.
 */
public final class Meter {
    /** A common rule of thumb for English text, also given in OpenAI's help pages. */
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

    /** Usage of the ended descendants. */
    private Usage childUsage = Usage.NONE;

    private double childCost;
    private boolean childCostKnown = true;

    /** Totals of this run and its descendants. */
    private double treeTokens;

    private double treeCost;
    private int treeToolCalls;

    /** State of the response that is being streamed. */
    private long inputCharacters;

    private long outputCharacters;
    private @Nullable Usage reported;

    /** The output characters that the report counts. What comes after them is estimated: some providers report at the beginning too. */
    private long reportedCharacters;

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

    void callStarted(long characters, @Nullable Pricing price) {
        modelCalls++;
        inputCharacters = characters;
        outputCharacters = 0;
        reportedCharacters = 0;
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
        reportedCharacters = outputCharacters;
        book();
    }

    /** Records the end of a response, complete or not. Idempotent. */
    void callEnded() {
        var usage = current();
        estimated |= (reported == null || uncountedCharacters() > 0) && usage.totalTokens() > 0;
        counted = counted.plus(usage);
        if (pricing == null) {
            priceKnown = false;
        } else {
            countedCost += pricing.cost(usage);
        }
        inputCharacters = 0;
        outputCharacters = 0;
        reportedCharacters = 0;
        reported = null;
        bookedTokens = 0;
        bookedCost = 0;
    }

    /** Removes the estimate of a call that was refused or never arrived. */
    void callFailed() {
        inputCharacters = 0;
        outputCharacters = 0;
        reportedCharacters = 0;
        reported = null;
        book();
    }

    /** Counts a tool call that is about to start. If a budget does not allow it, stops the run instead. */
    void toolCall() {
        var allowed = true;
        for (var meter = this; meter != null; meter = meter.parent) {
            var limit = meter.limits.toolCalls();
            if (limit != null && meter.treeToolCalls >= limit) {
                allowed = false;
                meter.exceeded("tool calls: " + limit + " were allowed");
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
        var output = uncountedCharacters() / CHARACTERS_PER_TOKEN;
        return reported != null
                ? reported.plus(Usage.of(0, output))
                : Usage.of(inputCharacters / CHARACTERS_PER_TOKEN, output);
    }

    private long uncountedCharacters() {
        return outputCharacters - reportedCharacters;
    }

    private void book() {
        var tokens = (double) uncountedCharacters() / CHARACTERS_PER_TOKEN
                + (reported != null ? reported.totalTokens() : (double) inputCharacters / CHARACTERS_PER_TOKEN);
        var cost = pricing == null ? 0 : pricing.cost(current());
        var addedTokens = tokens - bookedTokens;
        var addedCost = cost - bookedCost;
        bookedTokens = tokens;
        bookedCost = cost;
        for (var meter = this; meter != null; meter = meter.parent) {
            meter.treeTokens += addedTokens;
            meter.treeCost += addedCost;
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

    /** Adds the final metrics of a child run. */
    public void childEnded(RunMetrics metrics) {
        childUsage = childUsage.plus(metrics.totalUsage());
        estimated |= metrics.estimated();
        if (metrics.totalCost() != null) {
            childCost += metrics.totalCost();
        } else if (metrics.totalUsage().totalTokens() > 0) {
            childCostKnown = false;
        }
    }

    /** Adds tokens that were used beside the run's own calls, by a guardrail. */
    void besides(Usage usage, @Nullable Pricing price) {
        var cost = price == null ? 0 : price.cost(usage);
        childUsage = childUsage.plus(usage);
        childCost += cost;
        childCostKnown &= price != null || usage.totalTokens() == 0;
        for (var meter = this; meter != null; meter = meter.parent) {
            meter.treeTokens += usage.totalTokens();
            meter.treeCost += cost;
            meter.check();
        }
    }

    RunMetrics snapshot() {
        var now = System.nanoTime();
        var usage = counted.plus(current());
        var cost = priceKnown ? countedCost + (pricing == null ? 0 : pricing.cost(current())) : 0;
        var known = priceKnown && modelCalls > 0 && pricing != null;
        var totalKnown = childCostKnown && (known || (modelCalls == 0 && childUsage.totalTokens() > 0));
        return new RunMetrics(
                usage,
                estimated || (reported == null ? inputCharacters + outputCharacters : uncountedCharacters()) > 0,
                modelCalls,
                toolCalls,
                Duration.ofNanos(startedNanos == 0 ? 0 : now - startedNanos),
                firstTokenNanos == 0 ? null : Duration.ofNanos(firstTokenNanos - startedNanos),
                known ? cost : null,
                usage.plus(childUsage),
                totalKnown ? cost + childCost : null);
    }
}
