package dev.rein.session;

import dev.rein.model.ModelSettings;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint of a paused run, from which another process can resume it. Immutable. The names of the components are
 * names in stored JSON.
 *
 * @param requirements the open requirements of this run and the runs below it
 * @param answered the requirements of the same pause that were decided already
 * @param state the session state of the run; JSON values
 * @param changes the changes of the session state so far
 * @param steps the state of a workflow's steps, in the order of their start; empty for other components
 * @param childRunIds the ids of its paused child runs, which are stored as well and resume with it
 * @param nextIndex the index of the next event of the tree
 * @param team the state of a team's delegations and tasks; null if there are none
 * @param answerType the type of its value as in source code, without packages; null for text
 * @param obstacle the reason why another process cannot resume the run; null if it can
 * @param options what the options of the run had for its model and its code; null for nothing
 */
public record StoredPause(
        List<Requirement> requirements,
        List<Answered> answered,
        Map<String, Object> state,
        List<StateChange> changes,
        List<StoredStep> steps,
        List<String> childRunIds,
        long nextIndex,
        @Nullable StoredTeam team,
        @Nullable String answerType,
        @Nullable String obstacle,
        @Nullable Options options) {
    public StoredPause {
        requirements = List.copyOf(requirements);
        // Absent in rows of earlier versions.
        answered = List.copyOf(Objects.requireNonNullElse(answered, List.of()));
        changes = List.copyOf(Objects.requireNonNullElse(changes, List.of()));
        steps = List.copyOf(Objects.requireNonNullElse(steps, List.of()));
        childRunIds = List.copyOf(Objects.requireNonNullElse(childRunIds, List.of()));
        state = Map.copyOf(state);
    }

    /**
     * What the options of a run had for its model and its code, except for the instructions, which are part of the stored system message.
     *
     * @param settings the settings of its requests
     * @param model the id of the model; null for that of the component
     * @param tools the names of the tools
     * @param dependencies the names of the dependencies
     */
    public record Options(
            ModelSettings settings, @Nullable String model, List<String> tools, List<String> dependencies) {
        public Options {
            tools = List.copyOf(tools);
            // Absent in rows of earlier versions.
            dependencies = List.copyOf(Objects.requireNonNullElse(dependencies, List.of()));
        }
    }

    /** A requirement and its decision. */
    public record Answered(Requirement requirement, Decision decision) {}
}
