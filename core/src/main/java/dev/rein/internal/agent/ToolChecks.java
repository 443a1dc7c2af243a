package dev.rein.internal.agent;

import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.CheckedText;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.tool.Arguments;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.run.RunFailure;
import dev.rein.tool.StopRunException;
import dev.rein.tool.ToolEnd;
import dev.rein.tool.ToolRetryException;
import dev.rein.tool.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The guardrails of the tool calls of one run. Thread-safe. */
final class ToolChecks {
    private final Run run;

    /** Why calls of the latest response are refused, by the id of the call. */
    private final Map<String, String> refused = new ConcurrentHashMap<>();

    ToolChecks(Run run) {
        this.run = run;
    }

    /** Checks the arguments of the calls of a response; returns it with the arguments that may be seen. */
    ModelResponse arguments(ModelResponse response, Context context) {
        refused.clear();
        if (response.toolCalls().isEmpty()
                || run.guardrails().at(CheckPoint.TOOL_ARGUMENTS).isEmpty()) {
            return response;
        }
        var calls = response.toolCalls().stream()
                .map(call -> checked(call, context))
                .toList();
        // The data of the provider may have the arguments too.
        return calls.equals(response.toolCalls())
                ? response
                : response.withToolCalls(calls).withProviderData(null);
    }

    private ToolCall checked(ToolCall call, Context context) {
        var given = plain(call.arguments());
        var outcome = apply(CheckPoint.TOOL_ARGUMENTS, call.name(), given, context);
        var reason = outcome.refusal();
        if (reason == null) {
            var text = outcome.text().text();
            if (text.equals(given)) {
                return call;
            }
            if (isObject(text)) {
                return call.withArguments(text);
            }
            reason = "a guardrail has rewritten the arguments of the tool call to a text that is no JSON object";
        }
        refused.put(call.id(), "This call was not executed: " + reason + ".");
        return call.withArguments("{}");
    }

    /** The arguments without escapes and encodings that would hide something; as they are if they can't be read. */
    private static String plain(String arguments) {
        try {
            return Arguments.parse(arguments).toString();
        } catch (RuntimeException e) {
            return arguments;
        }
    }

    private static boolean isObject(String text) {
        try {
            var _ = Arguments.parse(text);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Why a call is not executed, for the model; null if it is. */
    @Nullable
    String refusal(ToolCall call) {
        return refused.get(call.id());
    }

    /**
     * Checks the result of a call, also as an output if users see it.
     *
     * @return the text that the model may read
     * @throws WithheldResultException if it may read none
     */
    String result(ToolSpec tool, String text, Context context) {
        var options = tool.options();
        var isSeen = options.showResult() || options.end() == ToolEnd.RETURN_DIRECT;
        var checked = forModel(tool, text, context);
        return isSeen ? forUsers(checked, context) : checked;
    }

    /** What a call has thrown, with a message that may be read. One that gives the run's answer is checked as an output too. */
    Throwable error(ToolSpec tool, Throwable thrown, Context context) {
        if (run.guardrails().at(CheckPoint.TOOL_RESULT).isEmpty() && !(thrown instanceof StopRunException)) {
            return thrown;
        }
        var failure = RunFailure.of(thrown);
        return switch (thrown) {
            case StopRunException _ -> {
                var checked = forUsers(forModel(tool, failure.message(), context), context);
                yield checked.equals(failure.message()) ? thrown : new StopRunException(checked);
            }
            case ToolRetryException _ -> new ToolRetryException(forModel(tool, failure.message(), context));
            default -> {
                var checked = forModel(tool, failure.describe(), context);
                yield checked.equals(failure.describe()) ? thrown : new WithheldResultException(checked);
            }
        };
    }

    private String forModel(ToolSpec tool, String text, Context context) {
        var outcome = apply(CheckPoint.TOOL_RESULT, tool.name(), text, context);
        if (outcome.refusal() != null) {
            throw new WithheldResultException(outcome.refusal());
        }
        return outcome.text().text();
    }

    private String forUsers(String text, Context context) {
        return apply(CheckPoint.OUTPUT, null, text, context).text().text();
    }

    private Guards.Outcome apply(CheckPoint point, @Nullable String tool, String text, Context context) {
        var checked = new CheckedText(point, text, "", 0, List.of(), tool, false);
        return Guards.apply(run.guardrails().at(point), checked, context);
    }
}
