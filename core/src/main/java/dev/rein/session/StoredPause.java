package dev.rein.session;

import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps of a run that waits for people, besides the run itself, so that another process can go on with it.
 *
 * @param requirements what it waits for, of this run and all below it
 * @param answered what was asked with these, and has been decided already
 * @param state the session's state as the run sees it; values as JSON has them
 * @param changes what the run has changed of it so far
 * @param steps of a workflow how far its steps have come, in the order of their start; empty for others
 * @param below the runs right below it that wait, by their ids: they are stored as they stand, and go on with it
 * @param nextIndex the index that the next event of its tree gets
 * @param team how far a team has come whose conversation does not say it all; null for others
 * @param answerType the simple name of the type that it answers with; null for text
 * @param obstacle why no other process can go on with it; null when one can
 */
public record StoredPause(
        List<Requirement> requirements,
        List<Answered> answered,
        Map<String, Object> state,
        List<StateChange> changes,
        List<StoredStep> steps,
        List<String> below,
        long nextIndex,
        @Nullable StoredTeam team,
        @Nullable String answerType,
        @Nullable String obstacle) {
    public StoredPause {
        requirements = List.copyOf(requirements);
        // Rows of earlier versions have none of these.
        answered = List.copyOf(Objects.requireNonNullElse(answered, List.of()));
        changes = List.copyOf(Objects.requireNonNullElse(changes, List.of()));
        steps = List.copyOf(Objects.requireNonNullElse(steps, List.of()));
        below = List.copyOf(Objects.requireNonNullElse(below, List.of()));
        state = Map.copyOf(state);
    }

    /** A question with its answer. */
    public record Answered(Requirement requirement, Decision decision) {}
}
