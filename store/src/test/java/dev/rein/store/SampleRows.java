package dev.rein.store;

import dev.rein.model.Message;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows for tests. */
final class SampleRows {
    private SampleRows() {}

    static StoredRun pending(String id, String session) {
        return row(id, session, RunStatus.PENDING, "", Map.of());
    }

    static StoredRun ended(String id, String session, String text) {
        return row(id, session, RunStatus.COMPLETED, text, Map.of());
    }

    static StoredRun row(
            String id, @Nullable String session, RunStatus status, String text, Map<String, Object> metadata) {
        return StoredRun.builder(id, ComponentKind.AGENT, "component")
                .sessionId(session)
                .status(status)
                .input(RunInput.of("Go"))
                .text(text)
                .messages(List.of(Message.user("Go"), Message.assistant(text)))
                .metadata(metadata)
                .createdAt(Instant.now())
                .endedAt(status.isTerminal() ? Instant.now() : null)
                .build();
    }

    static RunEvent event(String rootRunId, long index) {
        var origin = new Origin(ComponentKind.AGENT, "component", null, rootRunId, null, rootRunId, "s", 0, null);
        return new RunContent(new EventMeta(origin, index, Instant.EPOCH), "text", null);
    }
}
