package dev.rein.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.LiveRun;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.Runs;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** A controller streams a run to a browser. */
class SseTest {
    private static final ScriptedModel MODEL = ScriptedModel.create();
    private static final BlockingQueue<RunOutput> ENDS = new LinkedBlockingQueue<>();
    private static TestApplication application;

    @Configuration(proxyBeanMethods = false)
    @RestController
    static class Stories {
        private final Agent teller;

        Stories(AgentBuilder builder) {
            teller = builder.name("Teller").model(MODEL).build();
        }

        @GetMapping("/story")
        SseEmitter story() {
            return Sse.of(teller.stream("Tell"));
        }

        @GetMapping("/text")
        SseEmitter text() {
            return Sse.of(
                    teller.stream("Tell"),
                    event -> event instanceof RunContent content
                            ? SseEmitter.event().data(Objects.requireNonNull(content.content()))
                            : null);
        }

        @GetMapping("/broken")
        SseEmitter broken() {
            return Sse.of(teller.stream("Tell"), _ -> {
                throw new IllegalStateException("the mapping is broken");
            });
        }

        @Bean
        static RunListener ends() {
            return new RunListener() {
                @Override
                public void runEnded(RunInfo run, RunOutput output) {
                    ENDS.add(output);
                }
            };
        }
    }

    @BeforeAll
    static void start() {
        application = TestApplication.start(Stories.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void forget() {
        ENDS.clear();
    }

    private static RunOutput end() throws InterruptedException {
        return Objects.requireNonNull(ENDS.poll(30, TimeUnit.SECONDS), "no run has ended");
    }

    @Test
    void aRunIsStreamedFromItsFirstEventToItsLast() throws Exception {
        MODEL.answer(Script.tokens("Once\n", "upon \"ä\" ", "😀"));
        try (var lines = application.open(application.request("/story").build())) {
            assertThat(lines.status()).isEqualTo(200);
            assertThat(lines.header("Content-Type")).startsWith("text/event-stream");
            assertThat(lines.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(lines.header("Cache-Control")).contains("no-cache");
            assertThat(lines.next()).isEqualTo("id:0");
            assertThat(lines.next()).isEqualTo("event:RunStarted");
            lines.until("event:RunContent");
            assertThat(lines.next()).startsWith("data:{").contains("Once\\n");
            assertThat(lines.rest())
                    .anyMatch(line -> line.contains("\\uD83D\\uDE00"))
                    .contains("event:RunCompleted")
                    .filteredOn(line -> line.startsWith("event:"))
                    .last()
                    .isEqualTo("event:RunCompleted");
        }
        assertThat(end().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aMappingSendsWhatItWants() throws Exception {
        MODEL.answer(Script.tokens("Once ", "upon"));
        assertThat(application.get("/text").body()).isEqualTo("data:Once \n\ndata:upon\n\n");
        assertThat(end().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aBrokenMappingCancelsTheRun() throws Exception {
        MODEL.answer(Script.forever(Duration.ofMillis(5)));
        application.get("/broken");
        var end = end();
        assertThat(end.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(end.cause()).reason()).contains("response failed");
    }

    @Test
    void aRunIsCancelledWhenItsReaderLeavesAMovingStream() throws Exception {
        MODEL.answer(Script.forever(Duration.ofMillis(5)));
        try (var lines = application.open(application.request("/story").build())) {
            lines.until("event:RunContent");
        }
        assertDisconnected();
    }

    @Test
    void aRunIsCancelledWhenItsReaderLeavesASilentStream() throws Exception {
        MODEL.answer(Script.hangs(HangPoint.BEFORE_FIRST_TOKEN));
        try (var lines = application.open(application.request("/story").build())) {
            lines.until(":keepalive");
        }
        assertDisconnected();
    }

    private static void assertDisconnected() throws InterruptedException {
        var end = end();
        assertThat(end.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(end.cause()).kind()).isEqualTo(CancelKind.DISCONNECT);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("rein-sse")));
    }

    @Test
    void aStopEndsTheResponseWithItsLastEvents() throws Exception {
        MODEL.answer(Script.forever(Duration.ofMillis(5)));
        try (var lines = application.open(application.request("/story").build())) {
            lines.until("event:RunContent");
            var runs = application.bean(Runs.class);
            assertThat(runs.live()).extracting(LiveRun::componentId).containsExactly("teller");
            runs.cancel(runs.live().getFirst().runId(), CancelRequest.now());
            lines.until("event:RunCancelled");
            lines.until("event:RunCompleted");
            assertThat(lines.rest()).allMatch(line -> !line.startsWith("event:"));
        }
        assertThat(end().status()).isEqualTo(RunStatus.CANCELLED);
    }
}
