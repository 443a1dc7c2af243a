package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionQuery;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A store behind PgBouncer. */
@Timeout(180)
class PgBouncerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @BeforeEach
    void isInstalled() {
        assumeTrue(PgBouncer.program().isPresent(), "PgBouncer is not installed: apt-get install pgbouncer");
    }

    private static ListAppender<ILoggingEvent> logged(Class<?> of) {
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        ((Logger) LoggerFactory.getLogger(of)).addAppender(appender);
        return appender;
    }

    @Test
    void runsInTransactionModeAreStoredStoppedAndTakeTurnsAndTheLogSaysOnceThatNothingIsHeard() throws Exception {
        var log = logged(PostgresNotifications.class);
        try (var bouncer = PgBouncer.start(folder, Postgres.freshDatabase(), "transaction");
                var store = Postgres.open(bouncer.url());
                var other = Postgres.open(bouncer.url());
                var here = Runs.create();
                var there = Runs.create()) {
            var agent = Agent.builder()
                    .name("Talker")
                    .model(ScriptedModel.always("Hello."))
                    .runs(here)
                    .store(store)
                    .storeWait(LONG)
                    .addHistory(5)
                    .build();
            var runs = new ArrayList<RunHandle>();
            for (var i = 0; i < 50; i++) {
                runs.add(agent.start("Hi", RunOptions.defaults().sessionId("s" + i % 5)));
            }
            for (var run : runs) {
                var output = run.await(LONG);
                assertThat(output.status()).as("%s", output.failure()).isEqualTo(RunStatus.COMPLETED);
                assertThat(output.stored()).isTrue();
            }

            var model = ScriptedModel.of(Script.tokens("Once").thenHang());
            var hanging = Agent.builder()
                    .name("Teller")
                    .model(model)
                    .runs(there)
                    .store(other)
                    .storeWait(LONG)
                    .sessionPolicy(SessionPolicy.QUEUE)
                    .build()
                    .start("Go", RunOptions.defaults().sessionId("turns"));
            model.awaitWaiting(1);
            var next = Agent.builder()
                    .name("Next")
                    .model(ScriptedModel.always("Hello."))
                    .runs(here)
                    .store(store)
                    .storeWait(LONG)
                    .sessionPolicy(SessionPolicy.QUEUE)
                    .build()
                    .start("Hi", RunOptions.defaults().sessionId("turns"));
            assertThat(next.status()).isEqualTo(RunStatus.PENDING);
            here.cancel(hanging.id(), CancelRequest.now());
            assertThat(hanging.await(LONG).status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(next.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(log.list)
                            .anyMatch(event -> event.getFormattedMessage().contains("PgBouncer in transaction mode")));
        }
    }

    @Test
    void aStoreWithoutAPoolerHearsItsNotifications() throws Exception {
        var pooler = logged(ConnectionPooler.class);
        try (var store = Postgres.freshStore();
                var _ = store.listen(_ -> {})) {
            assertThat(store.sessions(SessionQuery.all()).total()).isZero();
            assertThat(pooler.list).isEmpty();
        }
    }
}
