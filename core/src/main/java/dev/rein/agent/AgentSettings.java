package dev.rein.agent;

import dev.rein.guardrail.Guardrail;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelSettings;
import dev.rein.model.Prices;
import dev.rein.run.TypeRef;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.RetryPolicy;
import dev.rein.tool.ToolSpec;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an agent or of the leader of a team; see {@link ModelComponentBuilder} for their meaning. Immutable.
 *
 * @param component the settings that all components have
 * @param model see {@link ModelComponentBuilder#model}
 * @param fallbacks see {@link ModelComponentBuilder#fallbacks}
 * @param role see {@link ModelComponentBuilder#role}
 * @param instructions see {@link ModelComponentBuilder#instructions}
 * @param tools see {@link ModelComponentBuilder#tools}
 * @param toolCallLimit see {@link ModelComponentBuilder#toolCallLimit}
 * @param sequentialTools see {@link ModelComponentBuilder#sequentialTools}
 * @param fruitlessTurnLimit see {@link ModelComponentBuilder#fruitlessTurnLimit}
 * @param retry see {@link ModelComponentBuilder#retry}
 * @param outputRetries see {@link ModelComponentBuilder#outputRetries}
 * @param allowEmptyAnswers see {@link ModelComponentBuilder#allowEmptyAnswers}
 * @param before see {@link ModelComponentBuilder#before}
 * @param after see {@link ModelComponentBuilder#after}
 * @param history see {@link ModelComponentBuilder#addHistory}
 * @param cancelledHistory see {@link ModelComponentBuilder#cancelledHistory}
 * @param earlierMedia see {@link ModelComponentBuilder#earlierMedia}
 * @param prices see {@link ModelComponentBuilder#prices}
 * @param settings see {@link ModelComponentBuilder#settings(ModelSettings)}
 * @param instructionsFunction see {@link ModelComponentBuilder#instructions(PerRun)}; null for none
 * @param toolFunctions see {@link ModelComponentBuilder#tools(PerRun)}
 * @param toolResultLimit see {@link ModelComponentBuilder#toolResultLimit}
 * @param readableResults see {@link ModelComponentBuilder#readableResults}
 * @param guardrails see {@link ModelComponentBuilder#guardrails}
 * @param answerType see {@link ModelComponentBuilder#answersWith}; null for text
 * @param markdown see {@link ModelComponentBuilder#markdown}
 * @param dateTimeZone see {@link ModelComponentBuilder#addDateTime}; null for no date
 * @param addedDependencies see {@link ModelComponentBuilder#addDependencies}; null for none, empty for all
 * @param exampleMessages see {@link ModelComponentBuilder#exampleMessages}
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
        int fruitlessTurnLimit,
        RetryPolicy retry,
        int outputRetries,
        boolean allowEmptyAnswers,
        List<Named<BeforeHook>> before,
        List<Named<AnswerHook>> after,
        int history,
        boolean cancelledHistory,
        int earlierMedia,
        Prices prices,
        ModelSettings settings,
        @Nullable PerRun<String> instructionsFunction,
        List<PerRun<? extends Collection<?>>> toolFunctions,
        int toolResultLimit,
        boolean readableResults,
        List<Guardrail> guardrails,
        @Nullable TypeRef<?> answerType,
        boolean markdown,
        @Nullable ZoneId dateTimeZone,
        @Nullable List<String> addedDependencies,
        List<Message> exampleMessages) {

    public String id() {
        return component.id();
    }

    public @Nullable String name() {
        return component.name();
    }

    /** Whether the model is that of the team whose member this is; see {@link ModelComponentBuilder#modelOfTeam}. */
    public boolean takesModelOfTeam() {
        return model == TeamModel.INSTANCE;
    }

    /** The reason why a cost limit can't be kept with these models; null if the prices of all of them are known. */
    public @Nullable String unpriced() {
        return Stream.concat(takesModelOfTeam() ? Stream.empty() : Stream.of(model), fallbacks.stream())
                .filter(each -> prices.of(each) == null)
                .map(each -> "a cost limit needs a price, and model " + each.id()
                        + " has none: give it one with pricing(new Pricing(input, output)), in dollars for a million tokens,"
                        + " or give the agent or team a table with prices(Prices.list().with(\"" + each.id()
                        + "\", ..)), or limit tokens instead")
                .findFirst()
                .orElse(null);
    }

    /** Returns a copy with other instructions and tools. */
    public AgentSettings with(List<String> newInstructions, List<ToolSpec> newTools) {
        return with(model, settings, newInstructions, newTools);
    }

    /** Returns a copy with another model, settings and tools. */
    public AgentSettings with(Model newModel, ModelSettings newSettings, List<ToolSpec> newTools) {
        return with(newModel, newSettings, instructions, newTools);
    }

    private AgentSettings with(
            Model newModel, ModelSettings newSettings, List<String> newInstructions, List<ToolSpec> newTools) {
        return new AgentSettings(
                component,
                newModel,
                fallbacks,
                role,
                newInstructions,
                newTools,
                toolCallLimit,
                sequentialTools,
                fruitlessTurnLimit,
                retry,
                outputRetries,
                allowEmptyAnswers,
                before,
                after,
                history,
                cancelledHistory,
                earlierMedia,
                prices,
                newSettings,
                instructionsFunction,
                toolFunctions,
                toolResultLimit,
                readableResults,
                guardrails,
                answerType,
                markdown,
                dateTimeZone,
                addedDependencies,
                exampleMessages);
    }

    /**
     * A hook with a name for events and traces.
     *
     * @param name the name
     * @param hook the hook
     * @param <T> the type of the hook
     */
    public record Named<T>(String name, T hook) {}
}
