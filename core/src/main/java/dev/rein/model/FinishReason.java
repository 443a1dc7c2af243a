package dev.rein.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a response ended, normalised over the providers' own words. */
public enum FinishReason {
    /** The model finished its answer, or reached a stop sequence. */
    STOP,
    /** The model asks for tool calls. */
    TOOL_CALLS,
    /** The response was cut off: a limit of tokens, or the model's context, is reached. */
    LENGTH,
    /** The provider withheld the rest. */
    CONTENT_FILTER,
    /** The provider failed while it generated. */
    ERROR,
    /** Unknown: the provider gave no reason, or one that this version does not know. */
    OTHER;

    /** Whether text or tool calls may be missing at the end of the response. */
    public boolean isCutOff() {
        return this == LENGTH || this == CONTENT_FILTER || this == ERROR;
    }

    /**
     * The reason that a provider means. Known are the words of OpenAI's two APIs, of servers compatible with them, of Anthropic,
     * Gemini and Ollama, in any case.
     *
     * @param raw null if the provider gave none
     */
    public static FinishReason of(@Nullable String raw) {
        if (raw == null) {
            return OTHER;
        }
        // Gemini's door for OpenAI's clients says "content_filter: RECITATION", others "FINISH_REASON_STOP".
        var word = raw.split(":", 2)[0].toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        var reason = word.startsWith("finishreason") ? word.substring("finishreason".length()) : word;
        return switch (reason) {
            case "stop",
                    "stopped",
                    "stopsequence",
                    "stoptoken",
                    "completed",
                    "complete",
                    "finished",
                    "end",
                    "endturn",
                    "endoftext",
                    "eos",
                    "eostoken" -> STOP;
            case "toolcalls", "toolcall", "tooluse", "functioncall", "functioncalls" -> TOOL_CALLS;
            case "length",
                    "maxlength",
                    "maxlen",
                    "maxtoken",
                    "maxtokens",
                    "maxnewtokens",
                    "maxoutputtokens",
                    "maxcompletiontokens",
                    "modellength",
                    "contextlength",
                    "contextlengthexceeded",
                    "contextwindowexceeded",
                    "modelcontextwindowexceeded",
                    "tokenlimit",
                    "timelimit",
                    "truncated",
                    "incomplete" -> LENGTH;
            case "contentfilter",
                    "contentfiltered",
                    "contentpolicy",
                    "contentpolicyviolation",
                    "errortoxic",
                    "guardrailintervened",
                    "moderation",
                    "refusal",
                    "safety",
                    "sensitive",
                    "recitation",
                    "language",
                    "blocklist",
                    "prohibitedcontent",
                    "spii",
                    "imagesafety",
                    "imageprohibitedcontent",
                    "imagerecitation",
                    "modelarmor",
                    "jailbreak" -> CONTENT_FILTER;
            case "error",
                    "failed",
                    "failure",
                    "abort",
                    "aborted",
                    "cancelled",
                    "canceled",
                    "usercancel",
                    "timeout",
                    "servererror",
                    "functioncallfilter",
                    "malformedresponse",
                    "insufficientsystemresource",
                    "networkerror",
                    "malformedfunctioncall",
                    "missingthoughtsignature",
                    "toomanytoolcalls",
                    "unexpectedtoolcall" -> ERROR;
            default -> OTHER;
        };
    }
}
