package dev.rein.team;

import dev.rein.internal.run.RunPlan;
import dev.rein.internal.team.TeamPlan;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.runtime.Component;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.Conversation;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import org.jspecify.annotations.Nullable;

/**
 * A leader and members. The leader works like an agent and has tools that delegate work to the members. Their runs are child
 * runs of the team's run: stopping the team stops them all. Stopping one member does not stop the team; the leader receives
 * an error result.
 *
 * {@snippet :
 * var team = Team.builder().name("Storytelling Team").model(OpenAIChat.of("gpt-4o"))
 *         .members(storyteller, editor).build();
 * System.out.println(team.run("A story about a dragon").orThrow().text());
 * }
 */
public final class Team extends Component {
    private final TeamSettings settings;

    Team(TeamSettings settings) {
        this.settings = settings;
    }

    public static TeamBuilder builder() {
        return new TeamBuilder();
    }

    @Override
    public String id() {
        return settings.leader().id();
    }

    @Override
    public @Nullable String name() {
        return settings.leader().name();
    }

    @Override
    public Runs runs() {
        return settings.leader().component().runs();
    }

    @Override
    protected ComponentSettings componentSettings() {
        return settings.leader().component();
    }

    @Override
    public ComponentKind kind() {
        return ComponentKind.TEAM;
    }

    /** The settings that this team was built with. */
    public TeamSettings settings() {
        return settings;
    }

    @Override
    protected RunPlan plan(RunInput input, RunOptions options, @Nullable TypeRef<?> answerType) {
        return TeamPlan.of(settings, input, options, answerType);
    }

    /**
     * A new conversation: runs of a session of its own, with those before them as their history.
     *
     * @throws IllegalStateException if this team was built without a history
     */
    public Conversation conversation() {
        if (settings.leader().history() == 0) {
            throw new IllegalStateException(
                    "team " + id() + " has no history, so that it would forget what was said: build it"
                            + " with store(..) and addHistory(..)");
        }
        return Conversation.of(this);
    }

    @Override
    public String toString() {
        return "Team " + id();
    }

    @Override
    protected String purpose() {
        var role = settings.leader().role();
        return role == null ? "" : role;
    }
}
