package dev.rein.internal.agent;

import dev.rein.internal.delivery.Delivery;
import dev.rein.run.ToolExecution;
import dev.rein.tool.ToolEnd;
import dev.rein.tool.ToolOptions;
import dev.rein.tool.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a run ends after a batch of tool calls without asking the model again. An exception for that comes first, then results that are answers,
 * then tools that end the run. Other calls that have failed end nothing. Used by the run's thread.
 */
final class EarlyEnd {
    static final String NOT_EXECUTED = "This call was not executed, because another one has ended the run.";

    private final Map<String, ToolSpec> tools;

    private boolean coming;

    EarlyEnd() {
        this(Map.of(), List.of());
    }

    /** @param executed the calls of the batch that had ended in another process */
    EarlyEnd(Map<String, ToolSpec> tools, List<ToolExecution> executed) {
        this.tools = tools;
        executed.forEach(this::completed);
    }

    /**
     * The answer of a run.
     *
     * @param text the answer
     * @param tool the tool that has ended the run
     * @param isShown whether users have seen the text
     * @param isOptional whether the model is asked again if the answer does not have the type that it must have
     */
    record Answer(String text, String tool, boolean isShown, boolean isOptional) {}

    void completed(ToolExecution execution) {
        if (execution.stopsRun() || end(execution) != ToolEnd.CONTINUE) {
            coming = true;
        }
    }

    /** Whether no further call of the batch is to start. */
    boolean isComing() {
        return coming;
    }

    private ToolEnd end(ToolExecution execution) {
        return execution.result() == null || execution.error()
                ? ToolEnd.CONTINUE
                : options(execution).end();
    }

    private ToolOptions options(ToolExecution execution) {
        var tool = tools.get(execution.toolName());
        return tool == null ? ToolOptions.DEFAULTS : tool.options();
    }

    @Nullable
    Answer answer(Delivery delivery) {
        if (!coming) {
            return null;
        }
        var all = delivery.latestTools();
        for (var execution : all) {
            if (execution.stopsRun()) {
                return new Answer(Objects.requireNonNull(execution.result()), execution.toolName(), false, false);
            }
        }
        var direct = withEnd(all, ToolEnd.RETURN_DIRECT);
        if (!direct.isEmpty()) {
            return new Answer(
                    direct.stream().map(ToolExecution::result).collect(Collectors.joining("\n\n")),
                    direct.getFirst().toolName(),
                    direct.stream().allMatch(each -> options(each).showResult()),
                    true);
        }
        return withEnd(all, ToolEnd.END_RUN).stream()
                .findFirst()
                .map(each -> new Answer(delivery.latestText(), each.toolName(), true, false))
                .orElse(null);
    }

    private List<ToolExecution> withEnd(List<ToolExecution> all, ToolEnd end) {
        return all.stream().filter(each -> end(each) == end).toList();
    }
}
