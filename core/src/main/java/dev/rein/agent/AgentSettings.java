package dev.rein.agent;

import dev.rein.model.Model;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.RetryPolicy;
import dev.rein.tool.ToolSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent was built with, or the leader of a team; see {@link ModelComponentBuilder} for the meaning of each.
 *
 * @param component what every component has
 * @param model see {@link ModelComponentBuilder#model}
 * @param fallbacks see {@link ModelComponentBuilder#fallbacks}
 * @param role see {@link ModelComponentBuilder#role}
 * @param instructions see {@link ModelComponentBuilder#instructions}
 * @param tools see {@link ModelComponentBuilder#tools}
 * @param toolCallLimit see {@link ModelComponentBuilder#toolCallLimit}
 * @param sequentialTools see {@link ModelComponentBuilder#sequentialTools}
 * @param retry see {@link ModelComponentBuilder#retry}
 * @param outputRetries see {@link ModelComponentBuilder#outputRetries}
 * @param before see {@link ModelComponentBuilder#before}
 * @param after see {@link ModelComponentBuilder#after}
 * @param history see {@link ModelComponentBuilder#addHistory}
 * @param cancelledHistory see {@link ModelComponentBuilder#cancelledHistory}
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
