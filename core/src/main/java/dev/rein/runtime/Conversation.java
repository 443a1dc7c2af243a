package dev.rein.runtime;

import dev.rein.internal.Ids;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;

/**
 * A conversation with an agent or a team: runs of a session of its own, each of which has those before it as its history. Made by {@code
 * conversation()} of {@link dev.rein.agent.Agent} and {@link dev.rein.team.Team}. Immutable and thread-safe; runs at the same time do not
 * see each other.
 */
public final class Conversation {
    private final Component component;
    private final String sessionId;

    private Conversation(Component component, String sessionId) {
        this.component = component;
        this.sessionId = sessionId;
    }

    /** For agents and teams: a conversation with a new session. */
    public static Conversation of(Component component) {
        return new Conversation(component, Ids.ofRun());
    }

    /** The id of the session, with which it can be continued later: {@code RunOptions.defaults().sessionId(id)}. */
    public String sessionId() {
        return sessionId;
    }

    /** Runs the component; see {@link Component#run(String)}. */
    public RunOutput run(String input) {
        return component.run(input, options());
    }

    public RunOutput run(RunInput input) {
        return component.run(input, options());
    }

    /** Runs the component and returns a value; see {@link Component#run(String, Class)}. */
    public <T> TypedOutput<T> run(String input, Class<T> type) {
        return component.run(input, type, options());
    }

    /** Starts a run and returns a stream of its events. The caller must close the stream. */
    public RunStream stream(String input) {
        return component.stream(input, options());
    }

    /** Starts a run in the background; see {@link Component#start(String)}. */
    public RunHandle start(String input) {
        return component.start(input, options());
    }

    private RunOptions options() {
        return RunOptions.defaults().sessionId(sessionId);
    }
}
