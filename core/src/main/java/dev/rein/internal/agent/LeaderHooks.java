package dev.rein.internal.agent;

import org.jspecify.annotations.Nullable;

/** What the leader of a team does more than an agent, in the loop of model and tools. */
public interface LeaderHooks {
    /** Nothing. */
    LeaderHooks NOBODY = new LeaderHooks() {};

    /** After tools: the answer that a member has given in the leader's place; null if the leader goes on. */
    default @Nullable String routed() {
        return null;
    }

    /** After an answer: what to tell the leader, who is to go on; null if the answer is the last. */
    default @Nullable String more() throws Exception {
        return null;
    }
}
