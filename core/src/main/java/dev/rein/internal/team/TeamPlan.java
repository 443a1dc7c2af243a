package dev.rein.internal.team;

import dev.rein.internal.agent.AgentPlan;
import dev.rein.internal.agent.ModelRunKind;
import dev.rein.internal.agent.RunSettings;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.run.RunPlan;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.runtime.RunOptions;
import dev.rein.team.TeamMode;
import dev.rein.team.TeamSettings;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates the plan of a team's run. */
public final class TeamPlan {
    private TeamPlan() {}

    /** @throws IllegalArgumentException if this team does not support the options */
    public static RunPlan of(
            TeamSettings settings, RunInput input, RunOptions options, @Nullable TypeRef<?> answerType) {
        var type = answerType == null ? settings.leader().answerType() : answerType;
        var leader = RunSettings.of(settings.leader(), options.modelOptions(), toolNames(settings.mode()));
        return AgentPlan.of(
                ModelRunKind.TEAM,
                leader,
                Math.max(leader.history(), settings.memberHistory()),
                input,
                options,
                type,
                run -> new TeamLoop(settings.with(leader), run, type).execute(),
                resumed -> incompatibility(settings, resumed));
    }

    private static @Nullable String incompatibility(TeamSettings settings, ResumedRun resumed) {
        var team = resumed.pause().team();
        var sameMode = switch (settings.mode()) {
            case COORDINATE, ROUTE -> team == null;
            case BROADCAST -> team != null && team.iteration() == 0;
            case TASKS -> team != null && team.iteration() > 0;
        };
        if (!sameMode) {
            return "its mode is now " + settings.mode();
        }
        for (var run : resumed.children()) {
            if (settings.members().stream().noneMatch(each -> each.id().equals(run.componentId()))) {
                return "it no longer has a member " + run.componentId();
            }
        }
        return null;
    }

    /** The names of the leader's own tools. */
    public static Set<String> toolNames(TeamMode mode) {
        return switch (mode) {
            case COORDINATE, ROUTE -> Set.of(Members.DELEGATE);
            case BROADCAST -> Set.of(Members.BROADCAST);
            case TASKS -> TaskTools.NAMES;
        };
    }
}
