package dev.rein.team;

import dev.rein.agent.ModelComponentBuilder;
import dev.rein.internal.team.TeamPlan;
import dev.rein.run.ComponentKind;
import dev.rein.runtime.Component;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * Builds a {@link Team}. Only {@link #members} and {@link #model}, the model of the leader, are required. Not
 * thread-safe; may build more than one.
 */
public final class TeamBuilder extends ModelComponentBuilder<TeamBuilder> {
    private static final int MAX_ITERATIONS = 1_000;

    private List<Component> members = List.of();
    private TeamMode mode = TeamMode.COORDINATE;
    private boolean streamMemberEvents = true;
    private int maxIterations = 10;
    private boolean routeRewrites;
    private boolean shareAnswers;
    private boolean passInputOn;
    private int memberHistory;

    TeamBuilder() {}

    @Override
    protected TeamBuilder self() {
        return this;
    }

    /** Adds members: agents and teams. */
    public TeamBuilder members(Component... values) {
        var all = new ArrayList<>(members);
        for (var value : values) {
            all.add(Objects.requireNonNull(value, "a member is null: give an agent or a team"));
        }
        members = List.copyOf(all);
        return this;
    }

    /** Sets how the leader works with the members; COORDINATE by default. */
    public TeamBuilder mode(TeamMode value) {
        mode = Objects.requireNonNull(value, "mode is null: give a TeamMode");
        return this;
    }

    /**
     * Sets whether the team's stream includes the events of members; true by default. Their outputs are included anyway. A
     * stream that a member's tool opens of a run of its own has that run's events in any case.
     */
    public TeamBuilder streamMemberEvents(boolean value) {
        streamMemberEvents = value;
        return this;
    }

    /** Sets the maximum number of iterations of a team in mode TASKS, 1 to 1,000; 10 by default. */
    public TeamBuilder maxIterations(int value) {
        if (value < 1 || value > MAX_ITERATIONS) {
            throw new IllegalArgumentException("maxIterations is " + value + ": give 1 to " + MAX_ITERATIONS);
        }
        maxIterations = value;
        return this;
    }

    /**
     * Sets whether the leader of a team in mode ROUTE words the request for the member; false by default: the member gets what the user
     * wrote.
     */
    public TeamBuilder routeRewrites(boolean value) {
        routeRewrites = value;
        return this;
    }

    /**
     * Sets whether a member is told what other members have answered before in the same run; false by default. Members that work at the same
     * time don't see each other's answers. They follow the task, the latest ones, with 32,768 characters in all at most.
     */
    public TeamBuilder shareAnswers(boolean value) {
        shareAnswers = value;
        return this;
    }

    /** Sets whether a member is told what the user wrote, behind the task that the leader gives it; false by default. */
    public TeamBuilder passInputOn(boolean value) {
        passInputOn = value;
        return this;
    }

    /**
     * Sets how many earlier runs of the team's session members are told behind their task: what the user wrote and what the team answered;
     * 0 by default. Needs a {@link #store} and runs with a session id. Each text has 4,000 characters at most. A member that is built with {@link #addHistory} has its own earlier runs of the
     * session besides.
     */
    public TeamBuilder memberHistory(int runs) {
        if (runs < 0) {
            throw new IllegalArgumentException("memberHistory of " + runs + " runs: it must not be negative");
        }
        memberHistory = runs;
        return this;
    }

    /**
     * Builds a team.
     *
     * @throws IllegalStateException if a setting is missing or invalid; the message says what to do
     */
    public Team build() {
        var leader = settings("team");
        var kind = described("team");
        if (members.isEmpty()) {
            throw new IllegalStateException(kind + " has no members: call members(..) before build()");
        }
        var ids = new HashSet<String>();
        for (var member : members) {
            if (member.kind() == ComponentKind.WORKFLOW) {
                throw new IllegalStateException(kind + " has the workflow \"" + member.id()
                        + "\" as a member: members are agents and teams; give a workflow to the leader as a tool");
            }
            if (!ids.add(member.id())) {
                throw new IllegalStateException(kind + " has two members with the id \"" + member.id()
                        + "\": the leader addresses members by id, so give each a different one, with name(..)"
                        + " or id(..)");
            }
        }
        if (memberHistory > 0 && leader.component().store() == null) {
            throw new IllegalStateException(
                    "memberHistory(" + memberHistory + ") needs a store: call store(..) before build()");
        }
        for (var tool : leader.tools()) {
            if (TeamPlan.toolNames(mode).contains(tool.name())) {
                throw new IllegalStateException(kind + " has a tool named \"" + tool.name() + "\", which in mode "
                        + mode + " is reserved for the leader: rename it");
            }
        }
        return new Team(new TeamSettings(
                leader,
                members,
                mode,
                streamMemberEvents,
                maxIterations,
                routeRewrites,
                shareAnswers,
                passInputOn,
                memberHistory));
    }
}
