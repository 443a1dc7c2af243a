package dev.rein.internal.agent;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.ModelResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the end of a response whether it can be used. One rule for all models: servers end responses for many reasons, and a
 * response that is empty or cut off must not pass for an answer.
 */
final class ResponseRules {
    private ResponseRules() {}

    /**
     * The reason why a response can't be used; null if it can.
     *
     * @param model the id of the model, for the message
     * @param hasText whether it has text that is not blank
     * @param allowEmpty whether it may be empty
     */
    static @Nullable ModelException problem(ModelResponse response, String model, boolean hasText, boolean allowEmpty) {
        var reason = response.finishReason();
        var hasCalls = !response.toolCalls().isEmpty();
        if (reason == FinishReason.ERROR) {
            return new ModelException(
                    Kind.SERVER,
                    "model " + model + " failed while it generated" + described(response)
                            + ": try again later, or add a fallback");
        }
        if (reason.isCutOff() && hasCalls) {
            return cutOff(
                    response, "the response of model " + model + " was cut off, so its tool calls were not executed");
        }
        if (reason.isCutOff() && !hasText) {
            return cutOff(response, "the response of model " + model + " was cut off before it had any text");
        }
        if (!allowEmpty && !hasCalls && reason == FinishReason.TOOL_CALLS) {
            return empty(response, "announces tool calls, but has none", model);
        }
        if (!allowEmpty && !hasCalls && !hasText) {
            return empty(response, "is empty", model);
        }
        return null;
    }

    /** The failure of an answer that must be complete, such as a typed one, and was cut off. */
    static ModelException cutOffAnswer(ModelResponse response, String type) {
        return cutOff(response, "the answer was cut off, so it is not a valid " + type);
    }

    private static ModelException cutOff(ModelResponse response, String what) {
        var remedy = response.finishReason() == FinishReason.CONTENT_FILTER
                ? "the provider withheld the rest: change the input or the instructions, or use another model"
                : "raise maxOutputTokens, shorten the conversation, or ask for less at once";
        return new ModelException(Kind.CUT_OFF, what + described(response) + ": " + remedy);
    }

    private static ModelException empty(ModelResponse response, String what, String model) {
        var reasoning = response.reasoning();
        return new ModelException(
                Kind.EMPTY,
                "the response of model " + model + " " + what + described(response)
                        + (reasoning == null || reasoning.isBlank() ? "" : "; it has only reasoning")
                        + ": try again, use another model, or accept such responses with allowEmptyAnswers(true)");
    }

    /** The finish reason in the provider's words and normalised. */
    private static String described(ModelResponse response) {
        var reason = response.finishReason();
        var raw = response.rawFinishReason();
        if (raw == null) {
            return reason == FinishReason.OTHER ? "" : " (finish reason " + reason + ")";
        }
        return " (finish reason \"" + raw + "\""
                + (raw.toUpperCase(Locale.ROOT).equals(reason.name()) ? ")" : ", which is " + reason + ")");
    }
}
