package dev.rein.guardrail;

/**
 * The code of a {@link Guardrail}. It may block, for example to ask a server: then it registers how its wait is ended with
 * {@link CheckContext#cancellation()}, or waits in a way that an interrupt ends. Must be thread-safe, because runs and tool calls are
 * concurrent.
 */
@FunctionalInterface
public interface Check {
    /**
     * Decides on a text.
     *
     * @return the verdict; never null
     * @throws Exception if it can't decide: the text does not pass, unless the guardrail is {@link Guardrail#failOpen()}. The message
     *     is not shown, because it may quote the text
     */
    Verdict check(CheckedText text, CheckContext context) throws Exception;
}
