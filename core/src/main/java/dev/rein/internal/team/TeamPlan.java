package dev.rein.internal.team;

import dev.rein.internal.agent.AgentPlan;
import dev.rein.internal.run.Resumed;
import dev.rein.internal.run.RunPlan;
import dev.rein.run.RunInput;
import dev.rein.run.RunOptions;
import dev.rein.run.event.Source;
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
                Source.TEAM,
                settings.leader(),
                input,
                options,
                run -> new TeamLoop(settings, run, outputType).execute(),
                delegates(settings)
                        ? AgentPlan.typed(outputType)
                        : "only that process knows what its members have done",
                left -> misfit(settings, left));
    }

    /** Whether each call of its leader's tool is one run of a member, and nothing more is to be known. */
    private static boolean delegates(TeamSettings settings) {
        return settings.mode() == TeamMode.COORDINATE || settings.mode() == TeamMode.ROUTE;
    }

    private static @Nullable String misfit(TeamSettings settings, Resumed left) {
        if (!delegates(settings)) {
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
