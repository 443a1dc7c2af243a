package dev.rein.internal.team;

import dev.rein.agent.AgentSettings;
import dev.rein.internal.agent.AgentLoop;
import dev.rein.internal.agent.LeaderHooks;
import dev.rein.internal.agent.RunSettings;
import dev.rein.internal.agent.ToolRuns;
import dev.rein.internal.delivery.Progress;
import dev.rein.internal.run.Run;
import dev.rein.run.RunOutput;
import dev.rein.run.TypeRef;
import dev.rein.session.StoredTeam;
import dev.rein.team.TeamSettings;
import dev.rein.tool.ToolSpec;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The body of a team's run: the leader's model loop, with tools that delegate work to the members. */
final class TeamLoop implements LeaderHooks, Progress {
    private final TeamSettings settings;
    private final Run run;
    private final @Nullable TypeRef<?> answerType;
    private final Members members;
    private final @Nullable TaskTools tasks;

    /** The settings of the leader in this run; null until they are known. */
    private volatile @Nullable AgentSettings resolved;

    TeamLoop(TeamSettings settings, Run run, @Nullable TypeRef<?> answerType) {
        this.settings = settings;
        this.run = run;
        this.answerType = answerType;
        this.members = new Members(settings, run);
        this.tasks = switch (settings.mode()) {
            case TASKS -> new TaskTools(members, run, settings.maxIterations());
            default -> null;
        };
    }

    @Nullable
    Object execute() throws Exception {
        run.progress(this);
        var leader = RunSettings.resolve(
                settings.leader(),
                LeaderPrompt.of(settings),
                tasks == null ? List.of(delegation()) : tasks.tools(),
                run);
        resolved = leader;
        if (tasks != null && run.plan().resumed() == null) {
            tasks.startRound();
        }
        return new AgentLoop(leader, run, answerType, this).execute();
    }

    private ToolSpec delegation() {
        return switch (settings.mode()) {
            case BROADCAST -> members.broadcast();
            case ROUTE -> members.route();
            default -> members.delegate();
        };
    }

    @Override
    public List<String> pausedChildren() {
        var leader = resolved;
        var ofTools = leader == null ? List.<String>of() : new ToolRuns(leader.tools(), run).pausedChildren();
        return Stream.of(
                        ofTools.stream(),
                        run.delivery().pendingRuns(Members.DELEGATE).stream(),
                        members.activeDelegations().stream()
                                .filter(each -> each.answer() == null)
                                .map(StoredTeam.Delegation::runId))
                .flatMap(each -> each)
                .toList();
    }

    @Override
    public @Nullable StoredTeam team() {
        return switch (settings.mode()) {
            case COORDINATE, ROUTE -> null;
            case BROADCAST -> new StoredTeam(members.activeDelegations(), List.of(), null, 0);
            case TASKS -> Objects.requireNonNull(tasks).stored();
        };
    }

    @Override
    public @Nullable RunOutput routedAnswer() {
        return members.routedAnswer();
    }

    @Override
    public @Nullable String nextMessage() {
        return tasks == null ? null : tasks.nextMessage();
    }
}
