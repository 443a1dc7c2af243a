package dev.rein.agent;

import dev.rein.model.Model;
import dev.rein.run.CancelHook;
import dev.rein.run.Limits;
import dev.rein.run.RetryPolicy;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import dev.rein.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent was built with; see {@link AgentBuilder} for the meaning of each.
 *
 * @param id see {@link AgentBuilder#id}
 * @param name see {@link AgentBuilder#name}
 * @param model see {@link AgentBuilder#model}
 * @param fallbacks see {@link AgentBuilder#fallbacks}
 * @param description see {@link AgentBuilder#description}
 * @param role see {@link AgentBuilder#role}
 * @param instructions see {@link AgentBuilder#instructions}
 * @param tools see {@link AgentBuilder#tools}
 * @param toolCallLimit see {@link AgentBuilder#toolCallLimit}
 * @param sequentialTools see {@link AgentBuilder#sequentialTools}
 * @param retry see {@link AgentBuilder#retry}
 * @param limits see {@link AgentBuilder#limits}
 * @param outputRetries see {@link AgentBuilder#outputRetries}
 * @param before see {@link AgentBuilder#before}
 * @param after see {@link AgentBuilder#after}
 * @param onCancel see {@link AgentBuilder#onCancel}
 * @param hookTimeout see {@link AgentBuilder#hookTimeouts}
 * @param hooksTimeout see {@link AgentBuilder#hookTimeouts}
 * @param store see {@link AgentBuilder#store}
 * @param storeOptional see {@link AgentBuilder#storeOptional}
 * @param storeWait see {@link AgentBuilder#storeWait}
 * @param sessionPolicy see {@link AgentBuilder#sessionPolicy}
 * @param history see {@link AgentBuilder#addHistory}
 * @param cancelledHistory see {@link AgentBuilder#cancelledHistory}
 * @param debug see {@link AgentBuilder#debug}
 */
public record AgentSettings(
        String id,
        @Nullable String name,
        Model model,
        List<Model> fallbacks,
        @Nullable String description,
        @Nullable String role,
        List<String> instructions,
        List<ToolSpec> tools,
        @Nullable Integer toolCallLimit,
        boolean sequentialTools,
        RetryPolicy retry,
        Limits limits,
        int outputRetries,
        List<Named<BeforeHook>> before,
        List<Named<AfterHook>> after,
        List<CancelHook> onCancel,
        Duration hookTimeout,
        Duration hooksTimeout,
        @Nullable SessionStore store,
        boolean storeOptional,
        Duration storeWait,
        SessionPolicy sessionPolicy,
        int history,
        boolean cancelledHistory,
        boolean debug) {

    /**
     * A hook with the name that events and traces show.
     *
     * @param name its name
     * @param hook the hook
     * @param <T> its kind
     */
    public record Named<T>(String name, T hook) {}
}
