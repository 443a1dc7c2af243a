package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.internal.run.RunPlan;
import dev.rein.internal.storing.StoreWriter;
import dev.rein.internal.tool.AnswerType;
import dev.rein.run.RunContext;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.run.event.RunStarted;
import dev.rein.runtime.RunOptions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Creates the plans of runs that ask a model. */
public final class AgentPlan {
    private AgentPlan() {}

    /**
     * A plan for an agent's run.
     *
     * @throws IllegalArgumentException if this agent does not support the options
     */
    public static RunPlan of(
            AgentSettings settings, RunInput input, RunOptions options, @Nullable TypeRef<?> answerType) {
        var type = answerType == null ? settings.answerType() : answerType;
        var own = RunSettings.of(settings, options.modelOptions(), Set.of());
        return of(
                ModelRunKind.AGENT,
                own,
                own.history(),
                input,
                options,
                type,
                run -> {
                    var resolved = RunSettings.resolve(own, Prompt.instructions(own), List.of(), run);
                    run.progress(new ToolRuns(resolved.tools(), run));
                    return new AgentLoop(resolved, run, type).execute();
                },
                _ -> null);
    }

    /**
     * A plan for another kind of run that asks a model.
     *
     * @param settings what {@link RunSettings#of} has returned
     * @param history how many earlier runs of the session it needs
     * @param answerType see {@link RunPlan}
     * @param body see {@link RunPlan}
     * @param compatibility see {@link RunPlan}
     */
    public static RunPlan of(
            ModelRunKind kind,
            AgentSettings settings,
            int history,
            RunInput input,
            RunOptions options,
            @Nullable TypeRef<?> answerType,
            RunPlan.Body body,
            RunPlan.Compatibility compatibility) {
        if (answerType != null) {
            AnswerType.of(answerType);
        }
        if (settings.takesModelOfTeam()) {
            throw new IllegalArgumentException(
                    settings.id() + " was built with modelOfTeam(), and is not run by a team: give it"
                            + " a model with RunOptions.defaults().model(..)");
        }
        if (history > 0 && options.sessionId() == null && options.parent() == null && RunContext.current() == null) {
            throw new IllegalArgumentException("the runs of " + settings.id()
                    + " have a history, because it was built with "
                    + (settings.history() > 0 ? "addHistory(" + settings.history() : "memberHistory(" + history)
                    + "), and this run has no session: give it a session id with"
                    + " RunOptions.defaults().sessionId(..), or use conversation(), which has one of its own");
        }
        var unpriced = options.limits().cost() == null ? null : settings.unpriced();
        if (unpriced != null) {
            throw new IllegalArgumentException(unpriced);
        }
        var model = settings.model().id();
        var provider = settings.model().provider();
        return new RunPlan(
                kind,
                settings.component(),
                input,
                options,
                new StoreWriter.History(history, settings.cancelledHistory(), options.follows()),
                Stream.concat(
                                settings.tools().stream().map(tool -> ToolBatch.SUBTASK_PREFIX + tool.name()),
                                settings.guardrails().stream().map(each -> GuardrailCheck.SUBTASK_PREFIX + each.name()))
                        .toList(),
                meta -> new RunStarted(meta, model, provider),
                body,
                answerType,
                settings.guardrails(),
                resumed -> {
                    var incompatibility = RunSettings.incompatibility(options.modelOptions(), resumed);
                    return incompatibility == null ? compatibility.check(resumed) : incompatibility;
                },
                null,
                null);
    }
}
