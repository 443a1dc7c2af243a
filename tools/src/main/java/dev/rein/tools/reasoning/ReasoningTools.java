package dev.rein.tools.reasoning;

import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Two tools with which a model reasons in steps: it thinks before it acts, and analyzes what came of it. The steps are in the conversation, as
 * arguments of the calls; each is also emitted as a {@code CustomEvent} named {@code reasoning-step}. {@link #INSTRUCTIONS} tell a model how to
 * use them. Thread-safe.
 */
public final class ReasoningTools {
    /** The name of the event of a step. */
    public static final String EVENT = "reasoning-step";

    /** Instructions for agents with these tools. */
    public static final String INSTRUCTIONS = """
            Before you act or answer, call think with what you know, what is missing and what you will do. After results of other tools, call
            analyze with what they mean and what comes next: continue, validate, or final_answer. Your thoughts are not shown to the user, so
            repeat in your answer what matters.""";

    private static final int MAX_TEXT = 20_000;

    /** What to do after a step. */
    public enum NextAction {
        /** Another step is needed. */
        CONTINUE,

        /** The result is to be checked. */
        VALIDATE,

        /** The answer can be given. */
        FINAL_ANSWER
    }

    /** Notes a thought before an action. */
    @Tool(
            name = "think",
            value = "A scratchpad to think about the task before acting: what is known, what is missing, which step is"
                    + " next. Does nothing else, and is not shown to the user.")
    public String think(
            @Param("A title in a few words") String title,
            @Param("The thought, in detail") String thought,
            @Param("What you will do because of it") Optional<String> action,
            @Param("How sure you are, from 0 to 1") Optional<Double> confidence,
            RunContext context) {
        var step = step("think", title, confidence);
        step.put("thought", bounded("thought", thought));
        action.ifPresent(text -> step.put("action", bounded("action", text)));
        context.emit(EVENT, step);
        return "Noted: " + title + ". Go on with "
                + action.filter(text -> !text.isBlank()).orElse("the next step") + ".";
    }

    /** Notes what a result means. */
    @Tool(
            name = "analyze",
            value = "A scratchpad to judge the result of an action: whether it is right and complete, and what is next."
                    + " Does nothing else, and is not shown to the user.")
    public String analyze(
            @Param("A title in a few words") String title,
            @Param("The result that is judged") String result,
            @Param("What it means") String analysis,
            @Param("What is next; CONTINUE by default") Optional<NextAction> nextAction,
            @Param("How sure you are, from 0 to 1") Optional<Double> confidence,
            RunContext context) {
        var next = nextAction.orElse(NextAction.CONTINUE);
        var step = step("analyze", title, confidence);
        step.put("result", bounded("result", result));
        step.put("analysis", bounded("analysis", analysis));
        step.put("next_action", next.name());
        context.emit(EVENT, step);
        return "Noted: " + title + ". "
                + switch (next) {
                    case CONTINUE -> "Go on with the next step.";
                    case VALIDATE -> "Check the result before you answer.";
                    case FINAL_ANSWER -> "Give the answer now.";
                };
    }

    private static Map<String, Object> step(String kind, String title, Optional<Double> confidence) {
        var step = new LinkedHashMap<String, Object>();
        step.put("kind", kind);
        step.put("title", bounded("title", title));
        confidence.ifPresent(value -> {
            if (!(value >= 0 && value <= 1)) {
                throw new ToolArgumentException("\"confidence\" is " + value + ": give a number from 0 to 1");
            }
            step.put("confidence", value);
        });
        return step;
    }

    private static String bounded(String name, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new ToolArgumentException(
                    "\"" + name + "\" has " + text.strip().length() + " characters: give a text of up to " + MAX_TEXT);
        }
        return text;
    }
}
