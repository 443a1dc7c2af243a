package dev.rein.session;

import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a list shows of a run, without messages, tool calls and events. Immutable.
 *
 * @param runId the id of the run
 * @param parentRunId the id of the run that started it; null for a root run
 * @param rootRunId the id of the run at the top of the tree
 * @param source the kind of the component
 * @param componentId the id of the component
 * @param userId the id of the user; null when unknown
 * @param status the status
 * @param input the beginning of the input text
 * @param text the beginning of the delivered text
 * @param createdAt when the run was accepted
 * @param endedAt when the run ended; null until then
 */
public record RunPreview(
        String runId,
        @Nullable String parentRunId,
        String rootRunId,
        ComponentKind source,
        String componentId,
        @Nullable String userId,
        RunStatus status,
        String input,
        String text,
        Instant createdAt,
        @Nullable Instant endedAt) {

    /**
     * Returns the preview of a run.
     *
     * @param most the maximum length of each text, in code points
     */
    public static RunPreview of(StoredRun run, int most) {
        return new RunPreview(
                run.runId(),
                run.parentRunId(),
                run.rootRunId(),
                run.source(),
                run.componentId(),
                run.userId(),
                run.status(),
                cut(run.input().text(), most),
                cut(run.text(), most),
                run.createdAt(),
                run.endedAt());
    }

    /** Returns this preview with other texts. */
    public RunPreview texts(String newInput, String newText) {
        return new RunPreview(
                runId,
                parentRunId,
                rootRunId,
                source,
                componentId,
                userId,
                status,
                newInput,
                newText,
                createdAt,
                endedAt);
    }

    /**
     * Returns the beginning of a text, without splitting a surrogate pair.
     *
     * @param most the maximum length, in code points
     */
    public static String cut(String text, int most) {
        return text.length() <= most || text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }
}
