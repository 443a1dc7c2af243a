package dev.rein.agent;

import dev.rein.model.Model;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.RetryPolicy;
import dev.rein.tool.ToolSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent was built with, or the leader of a team; see {@link ModelUserBuilder} for the meaning of each.
 *
 * @param component what every component has
 * @param model see {@link ModelUserBuilder#model}
 * @param fallbacks see {@link ModelUserBuilder#fallbacks}
 * @param role see {@link ModelUserBuilder#role}
 * @param instructions see {@link ModelUserBuilder#instructions}
 * @param tools see {@link ModelUserBuilder#tools}
 * @param toolCallLimit see {@link ModelUserBuilder#toolCallLimit}
 * @param sequentialTools see {@link ModelUserBuilder#sequentialTools}
 * @param retry see {@link ModelUserBuilder#retry}
 * @param outputRetries see {@link ModelUserBuilder#outputRetries}
 * @param before see {@link ModelUserBuilder#before}
 * @param after see {@link ModelUserBuilder#after}
 * @param history see {@link ModelUserBuilder#addHistory}
 * @param cancelledHistory see {@link ModelUserBuilder#cancelledHistory}
 */
public record AgentSettings(
        ComponentSettings component,
        Model model,
        List<Model> fallbacks,
        @Nullable String role,
        List<String> instructions,
        List<ToolSpec> tools,
        @Nullable Integer toolCallLimit,
        boolean sequentialTools,
        RetryPolicy retry,
        int outputRetries,
        List<Named<BeforeHook>> before,
        List<Named<AfterHook>> after,
        int history,
        boolean cancelledHistory) {

    public String id() {
        return component.id();
    }

    public @Nullable String name() {
        return component.name();
    }

    /** The same with other instructions and tools. */
    public AgentSettings with(List<String> newInstructions, List<ToolSpec> newTools) {
        return new AgentSettings(
                component,
                model,
                fallbacks,
                role,
                newInstructions,
                newTools,
                toolCallLimit,
                sequentialTools,
                retry,
                outputRetries,
                before,
                after,
                history,
                cancelledHistory);
    }

    /**
     * A hook with the name that events and traces show.
     *
     * @param name its name
     * @param hook the hook
     * @param <T> its kind
     */
    public record Named<T>(String name, T hook) {}
}
