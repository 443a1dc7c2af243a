package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.util.List;

/** Sessions as clients fetch them. Immutable and thread-safe. */
public final class SessionWire {
    public SessionWire(Catalog catalog) {}

    /**
     * SessionSchema, the entry of a list; what is null is left out.
     *
     * @param runs its root runs, oldest first: its name, when it has none, is what the first one was given, and the tokens are
     *     theirs; empty when they were not read
     */
    public ObjectNode entry(Session session, List<StoredRun> runs) {
        return WireJson.object().put("session_id", session.sessionId());
    }

    /**
     * AgentSessionDetailSchema, TeamSessionDetailSchema or WorkflowSessionDetailSchema.
     *
     * @param runs its root runs, oldest first
     * @param nulls whether what is null is shown (the answer to a change) or left out (what was fetched)
     */
    public ObjectNode detail(Session session, List<StoredRun> runs, boolean nulls) {
        return WireJson.object().put("session_id", session.sessionId());
    }
}
