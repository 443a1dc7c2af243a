package dev.rein.internal.team;

import dev.rein.internal.agent.AgentPlan;
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
                run -> new TeamLoop(settings, run, outputType).execute());
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
