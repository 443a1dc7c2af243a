package dev.rein.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rein.cancel.CancelKind;
import dev.rein.internal.run.ProcessEnvironment;
import dev.rein.internal.stop.Scope;
import dev.rein.model.Pricing;
import dev.rein.model.Usage;
import dev.rein.runtime.Limits;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final Pricing PRICE = new Pricing(1_000_000, 2_000_000);

    private final Scope top = Scope.root(ProcessEnvironment.shared(), "top", "run top");
    private final Scope below = Objects.requireNonNull(top.childRun("below", "run below", false));

    private static String reason(Scope scope) {
        var cause = Objects.requireNonNull(scope.cause());
        assertThat(cause.kind()).isEqualTo(CancelKind.BUDGET);
        return cause.reason();
    }

    private Meter meter(Limits limits) {
        return new Meter(top, null, limits);
    }

    @Test
    void fourCharactersCountAsATokenUntilTheProviderReports() {
        var meter = meter(Limits.none());
        meter.callStarted(40, null);
        meter.output(20);
        assertThat(meter.snapshot().usage()).isEqualTo(Usage.of(10, 5));
        assertThat(meter.snapshot().estimated()).isTrue();
        meter.reported(Usage.of(8, 3));
        meter.callEnded();
        assertThat(meter.snapshot().usage()).isEqualTo(Usage.of(8, 3));
        assertThat(meter.snapshot().estimated()).isFalse();
    }

    @Test
    void outputAfterAReportAtTheBeginningIsEstimated() {
        var meter = meter(Limits.none().tokens(100));
        meter.callStarted(40, null);
        meter.reported(Usage.of(8, 1));
        meter.output(40);
        assertThat(meter.snapshot().usage()).isEqualTo(Usage.of(8, 11));
        assertThat(meter.snapshot().estimated()).isTrue();
        meter.output(400);
        assertThat(reason(top)).contains("100");
        meter.reported(Usage.of(8, 90));
        meter.callEnded();
        assertThat(meter.snapshot().usage()).isEqualTo(Usage.of(8, 90));
        assertThat(meter.snapshot().estimated()).isFalse();
    }

    @Test
    void aCallWithoutAReportRemainsAnEstimateNextToReportedOnes() {
        var meter = meter(Limits.none());
        meter.callStarted(40, null);
        meter.reported(Usage.of(8, 3));
        meter.callEnded();
        meter.callStarted(40, null);
        meter.output(4);
        meter.callEnded();
        meter.callEnded();
        assertThat(meter.snapshot().usage()).isEqualTo(Usage.of(18, 4));
        assertThat(meter.snapshot().estimated()).isTrue();
        assertThat(meter.snapshot().modelCalls()).isEqualTo(2);
    }

    @Test
    void manySmallChunksAreNotRoundedAway() {
        var meter = meter(Limits.none().tokens(10));
        meter.callStarted(0, null);
        for (var n = 0; n < 40; n++) {
            meter.output(1);
        }
        assertThat(top.isCancelled()).isFalse();
        meter.output(1);
        assertThat(reason(top)).isEqualTo("the budget is used up: tokens: 10 were allowed");
    }

    @Test
    void aReportBelowTheEstimateReturnsTokens() {
        var meter = meter(Limits.none().tokens(100));
        for (var n = 0; n < 8; n++) {
            meter.callStarted(80, null);
            meter.reported(Usage.of(5, 5));
            meter.callEnded();
        }
        assertThat(top.isCancelled()).isFalse();
        assertThat(meter.snapshot().usage().totalTokens()).isEqualTo(80);
    }

    @Test
    void aFailedCallUsesNothingAndReturnsItsEstimate() {
        var above = meter(Limits.none().tokens(15));
        var meter = new Meter(below, above, Limits.none());
        for (var n = 0; n < 5; n++) {
            meter.callStarted(40, null);
            meter.callFailed();
            meter.callEnded();
        }
        assertThat(top.isStopRequested()).isFalse();
        assertThat(meter.snapshot().usage()).isEqualTo(Usage.NONE);
        assertThat(meter.snapshot().estimated()).isFalse();
        assertThat(meter.snapshot().modelCalls()).isEqualTo(5);
    }

    @Test
    void tokensCountForAllAncestorsAndStopTheOneWhoseLimitIsExceeded() {
        var above = meter(Limits.none().tokens(10));
        var meter = new Meter(below, above, Limits.none().tokens(1_000));
        above.callStarted(0, null);
        above.reported(Usage.of(4, 4));
        above.callEnded();
        meter.callStarted(12, null);
        assertThat(reason(top)).contains("tokens: 10");
        assertThat(Objects.requireNonNull(below.cause()).kind()).isEqualTo(CancelKind.PARENT);
        assertThat(above.snapshot().usage().totalTokens()).as("its own").isEqualTo(8);
    }

    @Test
    void aLimitOfAChildStopsOnlyTheChild() {
        var above = meter(Limits.none().tokens(1_000));
        var meter = new Meter(below, above, Limits.none().tokens(10));
        meter.callStarted(44, null);
        assertThat(reason(below)).contains("tokens: 10");
        assertThat(top.isStopRequested()).isFalse();
    }

    @Test
    void costIsComputedFromThePriceOfTheCall() {
        var meter = meter(Limits.none());
        meter.callStarted(0, PRICE);
        meter.reported(Usage.of(3, 2));
        meter.callEnded();
        assertThat(meter.snapshot().cost()).isCloseTo(7.0, within(1e-9));
        meter.callStarted(0, PRICE);
        meter.reported(Usage.of(1, 0));
        assertThat(meter.snapshot().cost()).as("the running call too").isCloseTo(8.0, within(1e-9));
    }

    @Test
    void oneCallWithoutAPriceMakesTheCostUnknown() {
        var meter = meter(Limits.none());
        meter.callStarted(0, null);
        meter.callEnded();
        meter.callStarted(0, PRICE);
        meter.reported(Usage.of(3, 2));
        meter.callEnded();
        assertThat(meter.snapshot().cost()).isNull();
    }

    @Test
    void aRunWithoutAModelCallHasNoCostAndNoFirstToken() {
        var metrics = meter(Limits.none()).snapshot();
        assertThat(metrics.cost()).isNull();
        assertThat(metrics.timeToFirstToken()).isNull();
        assertThat(metrics.duration()).isZero();
        assertThat(metrics.usage()).isEqualTo(Usage.NONE);
        assertThat(metrics.estimated()).isFalse();
    }

    @Test
    void aToolCallThatTheBudgetRejectsIsNotCounted() {
        var above = meter(Limits.none().toolCalls(2));
        var meter = new Meter(below, above, Limits.none());
        meter.toolCall();
        meter.toolCall();
        assertThat(top.isStopRequested()).isFalse();
        meter.toolCall();
        assertThat(reason(top)).contains("tool calls: 2");
        assertThat(meter.snapshot().toolCalls()).isEqualTo(2);
        assertThat(above.snapshot().toolCalls()).as("its own").isZero();
    }

    @Test
    void aBudgetOfZeroToolCallsIsEnforced() {
        var meter = meter(Limits.none().toolCalls(0));
        meter.toolCall();
        assertThat(reason(top)).contains("tool calls: 0");
    }
}
