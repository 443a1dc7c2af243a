package dev.rein.guardrail;

import dev.rein.run.RunFailure;

/**
 * A guardrail has refused a text, or could not check it. It ends the run as ERROR with a {@link RunFailure} of kind GUARDRAIL. It has
 * no cause: the exception of a check may quote the text.
 */
public final class GuardrailException extends RuntimeException implements RunFailure.OfGuardrail {
    private static final long serialVersionUID = 1L;

    private final String guardrail;
    private final CheckPoint point;

    /** For Rein only. */
    public GuardrailException(String guardrail, CheckPoint point, String message) {
        super(message);
        this.guardrail = guardrail;
        this.point = point;
    }

    @Override
    public String guardrail() {
        return guardrail;
    }

    /** Where the guardrail has checked. */
    public CheckPoint point() {
        return point;
    }

    @Override
    public String failureType() {
        return switch (point) {
            case INPUT -> "InputCheckError";
            case OUTPUT -> "OutputCheckError";
            case TOOL_ARGUMENTS, TOOL_RESULT -> "ToolCheckError";
        };
    }
}
