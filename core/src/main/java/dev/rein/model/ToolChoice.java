package dev.rein.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether the model calls tools.
 *
 * @param mode what the model may or must do
 * @param tool the name of the tool it must call; null except with {@link Mode#TOOL}
 */
public record ToolChoice(Mode mode, @Nullable String tool) {

    /** What the model may or must do. */
    public enum Mode {
        /** The model decides. */
        AUTO,
        /** The model must answer without calling a tool. */
        NONE,
        /** The model must call at least one tool. */
        REQUIRED,
        /** The model must call one particular tool. */
        TOOL
    }

    public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);
    public static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);
    public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

    public ToolChoice {
        Objects.requireNonNull(mode, "mode");
        if ((mode == Mode.TOOL) != (tool != null)) {
            throw new IllegalArgumentException("tool choice " + mode + " with tool " + tool
                    + ": give a tool's name with TOOL, and only with TOOL");
        }
    }

    /** Whether the model must call a tool. */
    public boolean requiresCall() {
        return mode == Mode.REQUIRED || mode == Mode.TOOL;
    }

    /** The model must call the tool of this name. */
    public static ToolChoice of(String tool) {
        return new ToolChoice(Mode.TOOL, tool);
    }
}
