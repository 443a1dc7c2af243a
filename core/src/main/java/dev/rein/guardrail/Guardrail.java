package dev.rein.guardrail;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * A check of texts, with its name and how it is applied. Immutable.
 *
 * {@snippet :
 * var agent = Agent.builder().model(OpenAIChat.of("gpt-4o-mini"))
 *         .guardrails(Pii.mask(), PromptInjection.refuse())
 *         .build();
 * }
 *
 * @param name the name in events, errors and traces
 * @param check the check
 * @param points where it checks; not empty
 * @param timeout the time limit of one check; when it is over, the check has failed
 * @param failsOpen see {@link #failOpen()}
 * @param beside see {@link #besideModel()}
 * @param whole see {@link #wholeOutput()}
 * @param endsRun see {@link #endingRun()}
 */
public record Guardrail(
        String name,
        Check check,
        Set<CheckPoint> points,
        Duration timeout,
        boolean failsOpen,
        boolean beside,
        boolean whole,
        boolean endsRun) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_NAME = 100;

    public Guardrail {
        Objects.requireNonNull(name, "the name of a guardrail is null");
        Objects.requireNonNull(check, () -> "the check of guardrail \"" + name + "\" is null");
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("the name of a guardrail is \"" + name + "\": give 1 to " + MAX_NAME
                    + " characters, which are not blank");
        }
        if (points.isEmpty()) {
            throw new IllegalArgumentException("guardrail \"" + name
                    + "\" checks nothing: give at least one CheckPoint, such as CheckPoint.INPUT");
        }
        points = Set.copyOf(points);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "the timeout of guardrail \"" + name + "\" is " + timeout + ": it must be positive");
        }
    }

    /** A guardrail of a check of yours, which is applied before the text goes on, to each sentence of an output, and fails closed. */
    public static Guardrail of(String name, Check check, CheckPoint first, CheckPoint... more) {
        return new Guardrail(name, check, EnumSet.of(first, more), DEFAULT_TIMEOUT, false, false, false, false);
    }

    /** Returns a copy that checks elsewhere. */
    public Guardrail on(CheckPoint first, CheckPoint... more) {
        return new Guardrail(name, check, EnumSet.of(first, more), timeout, failsOpen, beside, whole, endsRun);
    }

    /** Returns a copy with another name. */
    public Guardrail named(String newName) {
        return new Guardrail(newName, check, points, timeout, failsOpen, beside, whole, endsRun);
    }

    /** Returns a copy with another time limit for each check; 30 s by default. */
    public Guardrail timeout(Duration newTimeout) {
        return new Guardrail(name, check, points, newTimeout, failsOpen, beside, whole, endsRun);
    }

    /** Returns a copy that lets a text pass if its check throws or takes too long. By default the text is refused. */
    public Guardrail failOpen() {
        return new Guardrail(name, check, points, timeout, true, beside, whole, endsRun);
    }

    /**
     * Returns a copy that checks an input while the model is asked already, so that it costs no time. Nothing of the response is
     * delivered and no tool is called before the input has passed, and the request is stopped at once if it is refused. The input is
     * sent to the model meanwhile, so such a guardrail cannot rewrite it. The default of checks that ask a model or a server.
     */
    public Guardrail besideModel() {
        return new Guardrail(name, check, points, timeout, failsOpen, true, whole, endsRun);
    }

    /** Returns a copy that checks an input before it is sent to the model. The default, except for checks that ask a model or a server. */
    public Guardrail beforeModel() {
        return new Guardrail(name, check, points, timeout, failsOpen, false, whole, endsRun);
    }

    /**
     * Returns a copy that checks an output once it is complete: nothing of it is delivered before. The default of checks that ask a
     * model or a server, and of those that only the whole text can answer.
     */
    public Guardrail wholeOutput() {
        return new Guardrail(name, check, points, timeout, failsOpen, beside, true, endsRun);
    }

    /** Returns a copy that checks each sentence of an output, which is delivered when it has passed. The default of other checks. */
    public Guardrail bySentence() {
        return new Guardrail(name, check, points, timeout, failsOpen, beside, false, endsRun);
    }

    /**
     * Returns a copy that ends the run when it refuses the arguments or the result of a tool call. By default the call is refused with
     * a sentence for the model, and the run continues.
     */
    public Guardrail endingRun() {
        return new Guardrail(name, check, points, timeout, failsOpen, beside, whole, true);
    }

    /** Whether it checks there. */
    public boolean checks(CheckPoint point) {
        return points.contains(point);
    }
}
