package dev.rein.bench.walk;

import dev.rein.bench.walk.Act.Kind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Generates the behaviour of user code. */
final class ActGenerator {
    /** Behaviours that are left out for as long as the kernel is known not to bear them. */
    static final Set<Kind> SWITCHED_OFF = EnumSet.noneOf(Kind.class);

    private static final List<Kind> EVERYTHING = allowed(Arrays.asList(Kind.values()));
    private static final List<Kind> WITHOUT_CHILDREN =
            EVERYTHING.stream().filter(kind -> !kind.hasChild()).toList();

    /** Cleanups and listeners have no run to work for any more. */
    private static final List<Kind> AFTERWARDS = allowed(List.of(
            Kind.RETURN,
            Kind.SLEEP,
            Kind.SPIN,
            Kind.DEAF,
            Kind.THROW,
            Kind.THROW_ERROR,
            Kind.THROW_BROKEN_MESSAGE,
            Kind.THROW_FATAL_MESSAGE,
            Kind.LEAVE_INTERRUPT_SET));

    private static final int LONGEST_MILLIS = 12;

    private final Dice dice;

    ActGenerator(Dice dice) {
        this.dice = dice;
    }

    private static List<Kind> allowed(List<Kind> kinds) {
        return kinds.stream().filter(kind -> !SWITCHED_OFF.contains(kind)).toList();
    }

    /** Half of all code behaves. */
    Act act() {
        return dice.percent(50) ? plain() : of(dice.one(WITHOUT_CHILDREN));
    }

    /** Code that may run a child; the caller generates the child if the kind has one. */
    Kind kind() {
        return dice.percent(40) ? Kind.RETURN : dice.one(EVERYTHING);
    }

    Act of(Kind kind) {
        return new Act(kind, millis(), null);
    }

    Act of(Kind kind, Node child) {
        return new Act(kind, millis(), child);
    }

    Act plain() {
        return dice.percent(70) ? Act.NOTHING : of(dice.one(Kind.SLEEP, Kind.WAIT, Kind.STATE, Kind.EMIT));
    }

    Act afterwards() {
        return of(dice.one(AFTERWARDS));
    }

    private int millis() {
        return dice.percent(60) ? dice.between(0, 3) : dice.between(0, LONGEST_MILLIS);
    }
}
