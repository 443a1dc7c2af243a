package dev.rein.agent;

/** Builds an {@link Agent}. Only {@link #model} is required. Not thread-safe; may build more than one. */
public final class AgentBuilder extends ModelComponentBuilder<AgentBuilder> {
    AgentBuilder() {}

    @Override
    protected AgentBuilder self() {
        return this;
    }

    /** @throws IllegalStateException if something is missing or does not fit; the message says what to do */
    public Agent build() {
        return new Agent(settings("agent"));
    }
}
