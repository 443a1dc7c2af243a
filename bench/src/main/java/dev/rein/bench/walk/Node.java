package dev.rein.bench.walk;

import dev.rein.team.TeamMode;
import java.util.List;

/** A component of a plan. Its name is also its id. */
sealed interface Node {
    String name();

    /** Cleanups of the component, for when it is cancelled. */
    List<Act> cleanups();

    /**
     * What agents and the leaders of teams have in common.
     *
     * @param turns the model's responses, in their order; after the last one it answers with a text
     * @param tools what the model may call
     * @param before hooks before the first response
     * @param after hooks after the answer
     * @param cleanups what is done after a stop
     * @param sequential whether tools are called one after the other
     * @param retries how often a failed response is tried again
     * @param fallback whether there is a second model
     */
    record Worker(
            List<Turn> turns,
            List<ToolNode> tools,
            List<Act> before,
            List<Act> after,
            List<Act> cleanups,
            boolean sequential,
            int retries,
            boolean fallback) {}

    record AgentNode(String name, Worker worker) implements Node {
        @Override
        public List<Act> cleanups() {
            return worker.cleanups();
        }
    }

    record TeamNode(String name, TeamMode mode, Worker leader, List<Node> members, boolean showsMembers)
            implements Node {
        @Override
        public List<Act> cleanups() {
            return leader.cleanups();
        }
    }

    record WorkflowNode(String name, List<StepNode> steps, List<Act> cleanups) implements Node {}

    /**
     * One response of a model.
     *
     * @param act what the model does before or after its text
     * @param actFirst whether {@code act} comes before the text
     * @param chunks the text
     * @param pauseMicros between two chunks
     * @param streamed whether the text is reported chunk by chunk, or only returned
     * @param calls the tools it calls
     */
    record Turn(
            Act act, boolean actFirst, List<String> chunks, int pauseMicros, boolean streamed, List<CallNode> calls) {}

    /**
     * A tool call.
     *
     * @param id the model's id of the call; may be the same in another turn
     * @param tool the tool's name
     * @param arguments a JSON object
     */
    record CallNode(String id, String tool, String arguments) {}

    /** Whom a tool or a step asks before it works. */
    enum Asks {
        NOBODY,
        FOR_CONFIRMATION,
        FOR_INPUT,
        FOR_RESULT
    }

    /** @param timeoutMillis 0 for none */
    record ToolNode(String name, Asks asks, Act act, int timeoutMillis) {}
}
