package dev.rein.queue;

/** From where a durable run goes on when it is executed again, because its process has died or its execution has failed. */
public enum Checkpoints {
    /** It begins anew. */
    NONE,
    /** A workflow goes on after the last step that had ended. An agent or a team begins anew. */
    STEP,
    /**
     * Also an agent or a team goes on after its last tool calls. A call is noted in the store before it begins: one that had begun and has
     * no stored result is not repeated, and the model reads that its effects are unknown. The results of a turn are stored when all of its
     * calls have ended.
     */
    TURN,
    /** The same, and the result of each call is stored as soon as it has ended. */
    TOOL
}
