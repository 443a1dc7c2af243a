package dev.rein.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.os.AgentOS;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;

/** AgentOS at a path of the application's server. */
class MountedTest {
    private static final String RUNS = "/api/os/agents/teller/runs";
    private static final ScriptedModel MODEL = ScriptedModel.create();
    private static TestApplication application;

    static final class Who {
        @Tool("who asks")
        public String who() {
            return Objects.requireNonNull(SecurityContextHolder.getContext().getAuthentication())
                    .getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Agents {
        @Bean
        Agent teller(AgentBuilder builder) {
            return builder.name("Teller").model(MODEL).tools(new Who()).build();
        }

        @Bean
        Agent nameless(AgentBuilder builder) {
            return builder.model(MODEL).build();
        }
    }

    @BeforeAll
    static void start() {
        application = TestApplication.start(
                Agents.class,
                "rein.agent-os.enabled=true",
                "rein.agent-os.path=/api/os",
                "rein.agent-os.name=Shop",
                "server.servlet.context-path=/shop");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static HttpRequest run(String form) {
        return application.form("/shop" + RUNS, form);
    }

    @Test
    void componentsWithANameAreServed() throws Exception {
        assertThat(application.get("/shop/api/os/agents").body())
                .contains("\"teller\"")
                .doesNotContain("nameless");
        assertThat(application.get("/shop/api/os/config").body()).contains("\"teller\"");
        assertThat(application.get("/shop/api/os/openapi.json").statusCode()).isEqualTo(200);
        assertThat(application.get("/shop/api/os/docs").body()).contains("href=\"openapi.json\"");
        assertThat(application.get("/shop/api/os/nowhere").body()).isEqualTo("{\"detail\":\"Not Found\"}");
        assertThat(application.get("/shop/nowhere").statusCode()).isEqualTo(404);
        assertThat(application.get("/shop/api/os/health").headers().firstValue("X-Content-Type-Options"))
                .contains("nosniff");
    }

    @Test
    void aRunIsAnsweredAndItsToolsActForTheUserOfTheApplication() throws Exception {
        MODEL.answer(Script.toolCall("who", "{}")).answer(Script.text("Once upon a time."));
        var response = application.send(HttpRequest.newBuilder(run("message=Tell&stream=false"), (_, _) -> true)
                .header("Authorization", TestApplication.basic("ann", "secret"))
                .build());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("Once upon a time.").contains("\"ann\"");
    }

    @Test
    void aRunIsStreamedAndStored() throws Exception {
        MODEL.answer(Script.tokens("Once ", "upon ", "a time."));
        try (var lines = application.open(run("message=Tell&stream=true&session_id=mounted"))) {
            assertThat(lines.header("Content-Type")).startsWith("text/event-stream");
            assertThat(lines.rest()).contains("event: RunStarted", "event: RunContent", "event: RunCompleted");
        }
        assertThat(application.bean(SessionStore.class).session("mounted")).isPresent();
        assertThat(application.get("/shop/api/os/sessions?type=agent").body()).contains("mounted");
    }

    @Test
    void aMultipartFormIsRead() throws Exception {
        MODEL.answer(Script.text("Read."));
        var body = "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nRead this\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\nfalse\r\n--b--\r\n";
        var response = application.send(application
                .request("/shop" + RUNS)
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(response.body()).contains("Read.");
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void aRunIsCancelledByItsIdAndItsStreamEnds() throws Exception {
        MODEL.answer(Script.forever(Duration.ofMillis(5)));
        try (var lines = application.open(run("message=Tell&stream=true"))) {
            lines.until("event: RunContent");
            var id = application.bean(Runs.class).live().getFirst().runId();
            assertThat(application
                            .postForm("/shop" + RUNS + "/" + id + "/cancel", "")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(lines.rest()).contains("event: RunCancelled");
        }
    }

    @Test
    void aRunIsCancelledWhenItsClientLeaves() throws Exception {
        MODEL.answer(Script.forever(Duration.ofMillis(5)));
        try (var lines = application.open(run("message=Tell&stream=true&session_id=left"))) {
            lines.until("event: RunContent");
        }
        var store = application.bean(SessionStore.class);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var run = store.runs("left").getFirst();
            assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(Objects.requireNonNull(run.cause()).kind()).isEqualTo(CancelKind.DISCONNECT);
        });
    }

    @Test
    void itHasNoPortOfItsOwn() {
        assertThat(application.bean(AgentOS.class)).isNotNull();
        assertThat(application.context.getBean(AgentOSLifecycle.class).isRunning())
                .isTrue();
    }
}
