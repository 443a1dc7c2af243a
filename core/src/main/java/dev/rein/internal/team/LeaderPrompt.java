package dev.rein.internal.team;

import dev.rein.agent.Agent;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import dev.rein.team.TeamSettings;
import org.jspecify.annotations.Nullable;

/** The leader's system prompt: the members, how to work with them, and its instructions. */
final class LeaderPrompt {
    private LeaderPrompt() {}

    static String of(TeamSettings settings) {
        var text = new StringBuilder("You lead a team. Its members are:\n");
        for (var member : settings.members()) {
            text.append("- ").append(member.id());
            var name = member.name();
            if (name != null && !name.equals(member.id())) {
                text.append(" (").append(name).append(')');
            }
            var about = about(member);
            text.append(about == null ? "" : ": " + about).append('\n');
        }
        text.append('\n').append(workingMode(settings));
        var instructions = settings.leader().instructions();
        if (!instructions.isEmpty()) {
            text.append("\n\nInstructions:");
            instructions.forEach(each -> text.append("\n- ").append(each));
        }
        return text.toString();
    }

    private static @Nullable String about(Component member) {
        return switch (member) {
            case Agent agent ->
                about(agent.settings().role(), agent.settings().component().description());
            case Team team -> {
                var leader = team.settings().leader();
                yield about(leader.role(), leader.component().description());
            }
            default -> null;
        };
    }

    private static @Nullable String about(@Nullable String role, @Nullable String description) {
        return role != null ? role : description;
    }

    private static String workingMode(TeamSettings settings) {
        return switch (settings.mode()) {
            case COORDINATE ->
                "Give work to the members that fit with " + Members.DELEGATE + ", by their id, as a task that says"
                        + " everything they need to know. Calls"
                        + " of one turn are worked on at the same"
                        + " time. When you have what you need,"
                        + " answer the user yourself. What needs"
                        + " no member, answer directly.";
            case ROUTE ->
                "Choose the one member that fits best, and hand the request over with " + Members.DELEGATE
                        + ". What the member says is the answer; you will not be asked again.";
            case BROADCAST ->
                "Give one task to all members at once with " + Members.BROADCAST
                        + ", then answer the user yourself, from what they say.";
            case TASKS ->
                "Make a list of tasks with create_task, with their dependencies. Have them worked off by members with"
                        + " execute_task, or with execute_tasks_parallel where none depends on another. When everything"
                        + " the user asked for is done, call mark_all_complete and answer the user. You have at most "
                        + settings.maxIterations() + " rounds.";
        };
    }
}
