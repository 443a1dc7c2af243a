package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Runs;
import dev.rein.session.StoredRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Followers of a run of another process, which has only the latest of its events in memory. */
@Timeout(60)
class EventsElsewhereTest {
    private static final int STORED = 2_500;

    private static RunEvent event(String runId, long index) {
        var origin = new Origin(ComponentKind.AGENT, "writer", null, runId, null, "run", "s", 0, null);
        return new RunContent(new EventMeta(origin, index, Instant.now()), "word ", null);
    }

    @Test
    void noStoredEventIsLeftOutBeforeThoseThatAreStillInMemory(@TempDir Path folder) {
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
                var runs = Runs.create()) {
            store.register("other");
            store.insert(StoredRun.builder("run", ComponentKind.AGENT, "writer")
                    .rootRunId("run")
                    .sessionId("s")
                    .status(RunStatus.RUNNING)
                    .input(RunInput.of("hi"))
                    .createdAt(Instant.now())
                    .owner("other")
                    .epoch(1)
                    .build());
            var stored = LongStream.range(0, STORED)
                    .mapToObj(index -> event("run", index))
                    .toList();
            store.save(List.of(), stored);
            store.follow("run", Duration.ofMinutes(1));
            store.publish("run", List.of(event("run", STORED)));
            runs.share(store);

            var indexes = new ArrayList<Long>();
            try (var events = runs.eventsElsewhere("run", -1).orElseThrow()) {
                while (indexes.size() <= STORED) {
                    var event = events.next(Duration.ofSeconds(30));
                    assertThat(event).as("after %s events", indexes.size()).isNotNull();
                    indexes.add(event.index());
                }
            }
            assertThat(indexes)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(0, STORED).boxed().toList());
        }
    }
}
