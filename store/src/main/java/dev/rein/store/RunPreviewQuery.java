package dev.rein.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.rein.session.Page;
import dev.rein.session.RunPreview;
import dev.rein.session.RunQuery;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads what a list shows of runs: only the beginnings of their texts. */
final class RunPreviewQuery {
    private static final String COLUMNS =
            "run_id, parent_run_id, root_run_id, source, component_id, user_id, status, created_at, ended_at";

    private static final Texts NONE = new Texts("", "");

    private static final JsonFactory JSON = new JsonFactory();

    /** The longest form of a code point in JSON: two escape sequences. */
    private static final int LONGEST_ESCAPE = 12;

    /** The beginning of an input before its text. */
    private static final int INPUT_HEAD = 32;

    Page<RunPreview> page(Handle handle, RunQuery query, int mostText) {
        // An index has all but the texts, which come before the messages in a row: no message is read.
        var heads = RunTable.select(query)
                .columns(COLUMNS)
                .page(handle, RunTable.order(query), query.page(), query.limit(), (row, _) -> preview(row));
        if (mostText == 0 || heads.items().isEmpty()) {
            return heads;
        }
        var texts = texts(handle, heads.items().stream().map(RunPreview::runId).toList(), mostText);
        return new Page<>(
                heads.items().stream()
                        .map(head -> head.texts(
                                texts.getOrDefault(head.runId(), NONE).input(),
                                texts.getOrDefault(head.runId(), NONE).content()))
                        .toList(),
                heads.page(),
                heads.limit(),
                heads.total());
    }

    /** The beginnings of a run's texts. */
    private record Texts(String input, String content) {}

    private static Map<String, Texts> texts(Handle handle, List<String> runIds, int mostText) {
        // More is never read, however long a preview is asked for.
        var length = Math.min((long) mostText * LONGEST_ESCAPE + INPUT_HEAD, 1 << 26);
        return handle.createQuery("select run_id, substr(input, 1, " + length + "), substr(content, 1, " + length
                        + ") from rein_runs where run_id in (<ids>)")
                .bindList("ids", runIds)
                .map((row, _) -> Map.entry(
                        row.getString(1),
                        new Texts(
                                RunPreview.cut(beginning(row.getString(2), "text"), mostText),
                                RunPreview.cut(beginning(row.getString(3), null), mostText))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static RunPreview preview(ResultSet row) throws SQLException {
        var ended = row.getLong("ended_at");
        var hasEnded = !row.wasNull();
        return new RunPreview(
                row.getString("run_id"),
                row.getString("parent_run_id"),
                row.getString("root_run_id"),
                UnknownValues.kind(row.getString("source")),
                row.getString("component_id"),
                row.getString("user_id"),
                UnknownValues.status(row.getString("status"), hasEnded),
                "",
                "",
                JsonCodec.instant(row.getLong("created_at")),
                hasEnded ? JsonCodec.instant(ended) : null);
    }

    /**
     * The beginning of a string in JSON that may be cut off anywhere.
     *
     * @param field the field of an object that has the string; null if the string is all there is
     */
    static String beginning(String json, @Nullable String field) {
        var text = text(json, field);
        return text != null ? text : closed(json, field);
    }

    /** The beginning of a string that is cut off: without a half escape sequence at its end. */
    private static String closed(String json, @Nullable String field) {
        // An escape sequence has at most six characters, of which the last may be missing.
        for (var cut = 0; cut <= 6 && cut < json.length(); cut++) {
            var text = text(json.substring(0, json.length() - cut) + '"', field);
            if (text != null) {
                // Half a surrogate pair, of which the other half was cut off.
                return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1))
                        ? text.substring(0, text.length() - 1)
                        : text;
            }
        }
        return "";
    }

    private static @Nullable String text(String json, @Nullable String field) {
        try (var parser = JSON.createParser(json)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && (field == null || field.equals(parser.currentName()))) {
                    return parser.getText();
                }
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }
}
