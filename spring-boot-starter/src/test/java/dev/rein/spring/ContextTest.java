package dev.rein.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowBuilder;
import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tools and steps work in the context of the request that has started their run, and actuator shows the runs. */
class ContextTest {
    private static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();
    private static final List<String> OBSERVED = new CopyOnWriteArrayList<>();
    private static TestApplication application;

    /** What a piece of code sees of its caller. */
    private static String look(String where) {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        var seen = where + ": " + (authentication == null ? "nobody" : authentication.getName()) + ", "
                + MDC.get("request") + ", " + TENANT.get() + ", " + MDC.get("session_id");
        assertThat(MDC.get("run_id")).isNotNull();
        SEEN.add(seen);
        return seen;
    }

    static final class Desk {
        @Tool("looks around")
        public String look() {
            return ContextTest.look("tool");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @RestController
    static class Shop {
        private final Agent clerk;
        private final Workflow office;

        Shop(@Qualifier("clerk") Agent clerk, Workflow office) {
            this.clerk = clerk;
            this.office = office;
        }

        @GetMapping("/ask")
        String ask() {
            MDC.put("request", "r1");
            TENANT.set("blue");
            try {
                return clerk.run("Look", RunOptions.defaults().sessionId("s1"))
                        .orThrow()
                        .text();
            } finally {
                MDC.clear();
                TENANT.remove();
            }
        }

        @GetMapping("/work")
        String work() {
            MDC.put("request", "r2");
            TENANT.set("green");
            try {
                return office.run("Look").orThrow().text();
            } finally {
                MDC.clear();
                TENANT.remove();
            }
        }

        @Configuration(proxyBeanMethods = false)
        static class Staff {
            @Bean
            Agent clerk(AgentBuilder builder) {
                return builder.name("Clerk")
                        .model(TestApplication.callsAndAnswers("look", "Seen."))
                        .tools(new Desk())
                        .build();
            }

            @Bean
            Workflow office(WorkflowBuilder builder, Agent clerk) {
                return builder.name("Office")
                        .steps(Step.of("first", _ -> StepOutput.of(look("step"))), Step.of("second", clerk))
                        .build();
            }

            @Bean
            RunListener listener() {
                return new RunListener() {
                    @Override
                    public void runEnded(RunInfo run, RunOutput output) {
                        OBSERVED.add("ended " + run.componentId());
                    }
                };
            }

            @Bean
            CallInterceptor interceptor() {
                return new CallInterceptor() {
                    @Override
                    public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
                        OBSERVED.add(call.kind() + " " + MDC.get("request"));
                        return code.call();
                    }
                };
            }
        }
    }

    @BeforeAll
    static void start() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("tenant", TENANT);
        application = TestApplication.start(Shop.class);
    }

    @AfterAll
    static void stop() {
        application.close();
        ContextRegistry.getInstance().removeThreadLocalAccessor("tenant");
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
        OBSERVED.clear();
    }

    private static void get(String path, @Nullable String user) throws Exception {
        var request = application.request(path);
        if (user != null) {
            request.header("Authorization", TestApplication.basic(user, "secret"));
        }
        assertThat(application.send(request.build()).statusCode()).isEqualTo(200);
    }

    @Test
    void aToolActsForTheUserOfTheRequest() throws Exception {
        get("/ask", "ann");
        assertThat(SEEN).containsExactly("tool: ann, r1, blue, s1");
    }

    @Test
    void theNextRequestLeavesNothingOfTheOneBefore() throws Exception {
        get("/ask", "ann");
        SEEN.clear();
        get("/ask", null);
        assertThat(SEEN).containsExactly("tool: anonymousUser, r1, blue, s1");
    }

    @Test
    void stepsAndTheAgentsInThemDoSoToo() throws Exception {
        get("/work", "ann");
        assertThat(SEEN).hasSize(2);
        assertThat(SEEN.get(0)).startsWith("step: ann, r2, green, ");
        assertThat(SEEN.get(1)).startsWith("tool: ann, r2, green, ");
    }

    @Test
    void beansObserveAndInterceptAllRunsWithinTheContext() throws Exception {
        get("/ask", "ann");
        assertThat(OBSERVED).contains("MODEL_REQUEST r1", "TOOL_CALL r1");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> OBSERVED.contains("ended clerk"));
    }

    @Test
    void actuatorHasTheHealthAndTheMetricsOfTheRuns() throws Exception {
        get("/ask", "ann");
        var health = application.get("/actuator/health");
        assertThat(health.body()).contains("\"rein\":{").contains("\"abandonedThreads\":0");
        for (var metric : Map.of(
                        "rein.run?tag=component:clerk", "\"completed\"",
                        "rein.model.request?tag=model:scripted-model", "COUNT",
                        "rein.model.tokens", "\"output\"",
                        "rein.tool.call?tag=tool:look", "COUNT",
                        "rein.runs.live", "VALUE")
                .entrySet()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(application
                                    .get("/actuator/metrics/" + metric.getKey())
                                    .body())
                            .as(metric.getKey())
                            .contains(metric.getValue()));
        }
    }

    @Test
    void theRunsAreOnesOfTheApplication() {
        assertThat(application.bean(Runs.class)).isNotSameAs(Runs.shared());
        assertThat(application.context.getBean("clerk", Agent.class).runs()).isSameAs(application.bean(Runs.class));
    }
}
