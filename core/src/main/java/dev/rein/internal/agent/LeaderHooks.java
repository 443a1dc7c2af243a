package dev.rein.internal.agent;

import dev.rein.run.RunOutput;
import org.jspecify.annotations.Nullable;

/** What a team's leader adds to the loop of an agent. */
public interface LeaderHooks {
    /** The hooks of an agent that leads no team. */
    LeaderHooks NONE = new LeaderHooks() {};

    /** Called after tool calls: the output of a member that answers in place of the leader; null if the leader continues. */
    default @Nullable RunOutput routedAnswer() {
        return null;
    }

    /** Called after an answer: the message that starts the leader's next round; null if the answer is final. */
    default @Nullable String nextMessage() throws Exception {
        return null;
    }
}
