package dev.rein.agent;

/** Builds an {@link Agent}. Only {@link #model} is required. Not thread-safe; may build more than one. */
public final class AgentBuilder extends ModelComponentBuilder<AgentBuilder> {
    AgentBuilder() {}

    @Override
    protected AgentBuilder self() {
        return this;
    }

    /**
     * Builds an agent.
     *
     * @throws IllegalStateException if a setting is missing or invalid; the message says what to do
     */
    public Agent build() {
        return new Agent(settings("agent"));
    }
}
