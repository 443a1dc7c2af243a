package dev.rein.internal.team;

import dev.rein.internal.agent.AgentPlan;
import dev.rein.internal.agent.ModelRunKind;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.run.RunPlan;
import dev.rein.run.RunInput;
import dev.rein.runtime.RunOptions;
import dev.rein.team.TeamMode;
import dev.rein.team.TeamSettings;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a team is run once. */
public final class TeamPlan {
    private TeamPlan() {}

    /** @throws IllegalArgumentException if the options ask for what this team can't do */
    public static RunPlan of(TeamSettings settings, RunInput input, RunOptions options, @Nullable Class<?> outputType) {
        return AgentPlan.of(
                ModelRunKind.TEAM,
                settings.leader(),
                input,
                options,
                outputType,
                run -> new TeamLoop(settings, run, outputType).execute(),
                left -> misfit(settings, left));
    }

    private static @Nullable String misfit(TeamSettings settings, ResumedRun left) {
        var team = left.pause().team();
        var fits = switch (settings.mode()) {
            case COORDINATE, ROUTE -> team == null;
            case BROADCAST -> team != null && team.iteration() == 0;
            case TASKS -> team != null && team.iteration() > 0;
        };
        if (!fits) {
            return "its mode is " + settings.mode() + " now";
        }
        for (var run : left.below()) {
            if (settings.members().stream().noneMatch(each -> each.id().equals(run.componentId()))) {
                return "it has no member " + run.componentId() + " any more";
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
