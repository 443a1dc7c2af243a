package dev.rein.os;

/** Agents, teams and workflows over HTTP. */
public final class AgentOS {
    private AgentOS() {}
}
