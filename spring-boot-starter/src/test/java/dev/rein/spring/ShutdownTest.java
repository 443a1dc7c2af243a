package dev.rein.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.tool.Tool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** An application with a PostgreSQL database shuts down while runs are live: their ends are in the database. */
class ShutdownTest {
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    static final class Gate {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);

        @Tool("waits")
        public String pass() throws InterruptedException {
            reached.countDown();
            open.await();
            return "passed";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @RestController
    static class Work {
        private final Agent worker;
        private final Gate gate;

        Work(AgentBuilder builder, Gate gate) {
            this.gate = gate;
            worker = builder.name("Worker")
                    .model(TestApplication.callsAndAnswers("pass", "Done."))
                    .tools(gate)
                    .build();
        }

        @GetMapping("/work")
        SseEmitter work() {
            return Sse.of(worker.stream("Go"));
        }

        @Configuration(proxyBeanMethods = false)
        static class Gates {
            @Bean
            Gate gate() {
                return new Gate();
            }
        }
    }

    private static TestApplication application(String drain) {
        return TestApplication.start(
                Work.class,
                "spring.autoconfigure.exclude=",
                "spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "spring.datasource.username=postgres",
                "rein.runs.drain=" + drain);
    }

    private static String statusInDatabase(String runId) throws SQLException {
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var query = connection.prepareStatement("select status from rein_runs where run_id = ?")) {
            query.setString(1, runId);
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getString(1) : "none";
            }
        }
    }

    @Test
    void liveRunsFinishWhileNewOnesAreRefusedAndStreamsEndByThemselves() throws Exception {
        var application = application("5m");
        var gate = application.bean(Gate.class);
        var worker = application.bean(Work.class).worker;
        assertThat(application.bean(DataSource.class)).isInstanceOf(HikariDataSource.class);
        var run = worker.start("Go");
        gate.reached.await();
        try (var lines = application.open(application.request("/work").build())) {
            lines.until("event:ToolCallStarted");
            var closing = CompletableFuture.runAsync(application::close);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isRefused(worker));
            assertThat(closing).isNotDone();
            assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
            gate.open.countDown();
            assertThat(lines.rest()).contains("event:RunCompleted");
            closing.get(1, TimeUnit.MINUTES);
        }
        assertThat(run.output().text()).isEqualTo("Done.");
        assertThat(statusInDatabase(run.id())).isEqualTo("COMPLETED");
    }

    private static boolean isRefused(Agent agent) {
        try {
            agent.start("Go");
            return false;
        } catch (RunRejectedException e) {
            return true;
        }
    }

    @Test
    void whatDoesNotFinishInTimeIsCancelledAndStored() throws Exception {
        var application = application("100ms");
        var run = application.bean(Work.class).worker.start("Go");
        application.bean(Gate.class).reached.await();
        application.close();
        RunOutput output = run.output();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.SHUTDOWN);
        assertThat(statusInDatabase(run.id())).isEqualTo("CANCELLED");
        assertThat(application.context.isActive()).isFalse();
    }
}
