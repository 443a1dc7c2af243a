package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.internal.run.RunPlan;
import dev.rein.run.*;
import org.jspecify.annotations.Nullable;

public final class AgentPlan {
    private AgentPlan() {}

    public static RunPlan of(AgentSettings s, RunInput i, RunOptions o, @Nullable Class<?> t) {
        return new RunPlan();
    }
}
