package dev.rein.situations;

import dev.rein.cancel.CancelMode;
import dev.rein.testkit.LeakCheck;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A reference component is stopped at every point that it passes. */
class Situation40CancelAtEveryWaitTest {
    /** Each build stops at one of this many points where all are stopped at in another form; the thorough one at all of them. */
    private static final int SHARE = 4;

    private static LeakCheck leaks;

    /** What is stopped, and how many threads of it may be let in at once beside one. */
    enum Kind {
        AGENT(Reference::new, 1, 1),
        TEAM(TeamReference::new, 3, 4),
        WORKFLOW(WorkflowReference::new, 1, 9);

        private final Function<Points, Referenced> reference;
        private final int beside;

        /** Model calls that a graceful stop may let finish: those of one step, or a turn of each member at work. */
        private final int models;

        Kind(Function<Points, Referenced> reference, int beside, int models) {
            this.reference = reference;
            this.beside = beside;
            this.models = models;
        }
    }

    /** All but the one whose every point is stopped at in each build. */
    static Stream<Arguments> otherWaysToRun() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Form.values())
                        .flatMap(form -> Stream.of(true, false)
                                .filter(sequential -> sequential || form != Form.START)
                                .map(sequential -> Arguments.of(kind, form, sequential))));
    }

    static Stream<Arguments> gracefulStops() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(CancelMode.values())
                        .filter(mode -> mode != CancelMode.NOW)
                        .filter(mode -> kind != Kind.WORKFLOW || mode != CancelMode.AFTER_TOOLS)
                        .flatMap(mode -> Stream.of(true, false)
                                .filter(sequential -> !sequential || kind == Kind.AGENT)
                                .map(sequential -> Arguments.of(kind, mode, sequential))));
    }

    /** One check for all stops, because it takes as long as several of them. */
    @BeforeAll
    static void beginLeakCheck() {
        leaks = LeakCheck.begin();
    }

    @AfterAll
    static void nothingIsLeft() {
        leaks.verify(Waiting.LONG);
    }

    @ParameterizedTest
    @EnumSource
    void everyRuleHoldsWhereverTheStopComes(Kind kind) {
        EveryWait.now(kind.reference, Form.START, false, kind.beside).check();
    }

    /** Other forms and orders share most of their code with the one above. */
    @ParameterizedTest
    @MethodSource("otherWaysToRun")
    void everyRuleHoldsHoweverItIsRun(Kind kind, Form form, boolean sequential) {
        EveryWait.now(kind.reference, form, sequential, kind.beside).check(form.ordinal(), SHARE);
    }

    @ParameterizedTest
    @MethodSource("gracefulStops")
    void everyRuleHoldsForGracefulStopsToo(Kind kind, CancelMode mode, boolean sequential) {
        EveryWait.graceful(kind.reference, Form.START, sequential, mode, kind.models)
                .check(mode.ordinal() % SHARE, SHARE);
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("otherWaysToRun")
    void everyRuleHoldsWhereverTheStopComesHoweverItIsRun(Kind kind, Form form, boolean sequential) {
        EveryWait.now(kind.reference, form, sequential, kind.beside).check();
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("gracefulStops")
    void everyRuleHoldsWhereverAGracefulStopComes(Kind kind, CancelMode mode, boolean sequential) {
        EveryWait.graceful(kind.reference, Form.START, sequential, mode, kind.models)
                .check();
    }
}
