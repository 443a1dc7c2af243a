package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Message;
import dev.rein.run.RunStatus;
import dev.rein.session.RunQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How SQLite finds the runs of a list. A row of megabytes is read whole to reach a column behind its texts, so a list must not read
 * rows that it does not show.
 */
class ListPlansTest {
    private static final String HEADS =
            "run_id, parent_run_id, root_run_id, source, component_id, user_id, status, created_at, ended_at";

    @TempDir
    private Path folder;

    private String plan(String columns, RunQuery query) {
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"))) {
            store.insert(SampleRows.pending("r", "s"));
        }
        return Jdbi.create("jdbc:sqlite:" + folder.resolve("rein.db")).withHandle(handle -> {
            var select = RunTable.select(query);
            return select
                    .query(
                            handle,
                            "explain query plan select " + columns + select.from() + " order by "
                                    + RunTable.order(query))
                    .mapToMap()
                    .list()
                    .stream()
                    .map(row -> String.valueOf(row.get("detail")))
                    .collect(Collectors.joining("; "));
        });
    }

    @Test
    void theHeadsOfASessionsRunsAreReadFromAnIndex() {
        var roots = RunQuery.of("s").newestFirst(true);
        assertThat(plan(HEADS, roots))
                .contains("COVERING INDEX rein_runs_listed")
                .doesNotContain("TEMP B-TREE");
    }

    @Test
    void oneTreeIsFoundByItsRootHoweverLongTheSessionIs() {
        var tree = RunQuery.of("s").children(true).rootRunIds(Set.of("r"));
        assertThat(plan("*", tree)).contains("INDEX rein_runs_trees");
        assertThat(plan(HEADS, tree)).contains("COVERING INDEX rein_runs_trees");
    }

    @Test
    void thePreviewsOfLargeRunsHaveTheBeginningsOfTheirTexts() {
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"))) {
            for (var i = 0; i < 20; i++) {
                store.insert(SampleRows.row("run " + i, "s", RunStatus.COMPLETED, "text " + i, Map.of()).toBuilder()
                        .messages(List.of(Message.user("x".repeat(1 << 20))))
                        .build());
            }
            assertThat(store.previews(RunQuery.of("s").newestFirst(true).page(1, 3), 5)
                            .items())
                    .extracting(run -> run.runId() + ", " + run.text())
                    .containsExactly("run 19, text ", "run 18, text ", "run 17, text ");
            assertThat(store.previews(RunQuery.of("s").page(1, 3), 0).total()).isEqualTo(20);
        }
    }
}
