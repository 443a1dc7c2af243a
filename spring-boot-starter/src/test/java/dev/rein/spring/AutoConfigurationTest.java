package dev.rein.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.anthropic.AnthropicMessages;
import dev.rein.model.Model;
import dev.rein.openai.OpenAIChat;
import dev.rein.os.AgentOS;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunRejectedException;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.TeamBuilder;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.WorkflowBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.sqlite.SQLiteDataSource;

/** The beans that the properties and the application's own beans lead to. */
class AutoConfigurationTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ReinAutoConfiguration.class,
                    ReinModelAutoConfiguration.class,
                    ReinStoreAutoConfiguration.class,
                    ReinContextAutoConfiguration.class,
                    ReinAgentOSAutoConfiguration.class,
                    ReinMetricsAutoConfiguration.class,
                    ReinHealthAutoConfiguration.class));

    @Test
    void withoutAnythingThereAreRunsBuildersAndAStoreInMemoryAndNoModel() {
        application.run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(Runs.class)
                .hasSingleBean(AgentOS.class)
                .doesNotHaveBean(Model.class)
                .getBean(SessionStore.class)
                .isInstanceOf(InMemorySessionStore.class));
    }

    @Test
    void buildersBuildComponentsOfTheApplication() {
        application.withBean(Model.class, () -> ScriptedModel.always("Yes.")).run(context -> {
            var runs = context.getBean(Runs.class);
            var agent = context.getBean(AgentBuilder.class).name("A").build();
            assertThat(agent.runs()).isSameAs(runs);
            assertThat(agent.run("Go").stored()).isTrue();
            assertThat(context.getBean(TeamBuilder.class)
                            .name("T")
                            .members(agent)
                            .build()
                            .runs())
                    .isSameAs(runs);
            assertThat(context.getBean(WorkflowBuilder.class)).isNotNull();
            assertThat(context.getBean(AgentBuilder.class)).isNotSameAs(context.getBean(AgentBuilder.class));
        });
    }

    @Test
    void theModelIsTheOneOfTheProperties() {
        application
                .withPropertyValues(
                        "rein.model.name=mistral-small",
                        "rein.model.server=mistral",
                        "rein.model.base-url=http://localhost:1/v1",
                        "rein.model.api-key=secret-key",
                        "rein.model.temperature=0.2",
                        "rein.model.headers.x-team=shop")
                .run(context -> {
                    var model = context.getBean(Model.class);
                    assertThat(model).isInstanceOf(OpenAIChat.class);
                    assertThat(model.id()).isEqualTo("mistral-small");
                    assertThat(model.toString()).contains("Mistral").contains("localhost:1");
                    assertThat(context.getBean(ModelProperties.class).toString())
                            .doesNotContain("secret-key");
                });
        application
                .withPropertyValues(
                        "rein.model.provider=anthropic", "rein.model.name=claude-haiku", "rein.model.api-key=k")
                .run(context -> assertThat(context.getBean(Model.class)).isInstanceOf(AnthropicMessages.class));
        application
                .withPropertyValues("rein.model.name=x")
                .withBean(Model.class, () -> ScriptedModel.always("mine"))
                .run(context -> assertThat(context.getBean(Model.class)).isInstanceOf(ScriptedModel.class));
    }

    @Test
    void aProviderThatIsNotOnTheClassPathIsNamed() {
        application
                .withClassLoader(new FilteredClassLoader(AnthropicMessages.class))
                .withPropertyValues("rein.model.provider=anthropic", "rein.model.name=claude-haiku")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("add the dependency dev.rein:rein-anthropic"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rein.model.api-key=k | rein.model.name is not set | gpt-4o-mini",
                "rein.model.name=  | rein.model.name is blank | give the id",
                "rein.model.name=x;rein.model.provider=anthropic;rein.model.server=groq | rein.model.server is groq | anthropic",
                "rein.model.name=x;rein.model.connect-timeout=0s | rein.model.connect-timeout is PT0S | positive",
                "rein.model.name=x;rein.model.base-url=ftp://x | ftp://x | http",
                "rein.store.type=sqlite | rein.store.file is not set | rein.db",
                "rein.store.type=memory;rein.store.file=x.db | rein.store.file is x.db | memory",
                "rein.store.type=memory;rein.store.data-source=x | rein.store.data-source is x | jdbc",
                "rein.store.type=jdbc | rein.store.type is jdbc | spring.datasource.url",
                "rein.store.type=oracle | rein.store.type | oracle",
                "rein.store.lease=-1s | rein.store.lease is PT-1S | positive",
                "rein.runs.max-concurrent=0 | rein.runs.max-concurrent is 0 | at least 1",
                "rein.runs.max-queued=-1 | rein.runs.max-queued is -1 | at least 0",
                "rein.runs.drain=-5s | rein.runs.drain is PT-5S | negative",
                "rein.runs.close=-5s | rein.runs.close is PT-5S | negative",
                "rein.agent-os.port=70000 | rein.agent-os.port is 70000 | 65535",
                "rein.agent-os.port=1;rein.agent-os.path=/x | rein.agent-os.path is /x | rein.agent-os.port is 1",
                "rein.agent-os.path=x | rein.agent-os.path is \"x\" | /agentos",
                "rein.agent-os.path=/ | rein.agent-os.path is \"/\" | /agentos",
                "rein.agent-os.path=/x | no servlet container | leave it out",
                "rein.agent-os.host=0.0.0.0 | host is 0.0.0.0 | insecure(true)",
            })
    void wrongPropertiesAreNamedWithTheirValueAndTheWayOut(String properties, String what, String wayOut) {
        application.withPropertyValues(properties.split(";")).run(context -> {
            assertThat(context).hasFailed();
            var messages = new StringBuilder();
            for (Throwable e = context.getStartupFailure(); e != null; e = e.getCause()) {
                messages.append(e.getMessage()).append('\n');
            }
            assertThat(messages.toString()).contains(what).contains(wayOut);
        });
    }

    @Test
    void anSqliteFileIsUsedIfItIsSetAndAlsoThatOfADataSource(@TempDir Path folder) {
        application
                .withPropertyValues("rein.store.file=" + folder.resolve("rein.db"), "rein.store.lease=30s")
                .run(context -> {
                    assertThat(context.getBean(SessionStore.class)).isInstanceOf(JdbcSessionStore.class);
                    assertThat(context.getBean(JdbcSessionStore.class).lease()).isEqualTo(Duration.ofSeconds(30));
                    assertThat(folder.resolve("rein.db")).exists();
                });
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("application.db"));
        application.withBean(DataSource.class, () -> source).run(context -> {
            assertThat(context).hasSingleBean(JdbcSessionStore.class);
            assertThat(folder.resolve("application.db")).exists();
        });
        application
                .withBean(DataSource.class, () -> source)
                .withPropertyValues("rein.store.type=memory")
                .run(context ->
                        assertThat(context.getBean(SessionStore.class)).isInstanceOf(InMemorySessionStore.class));
        application
                .withBean(DataSource.class, () -> source)
                .withPropertyValues("rein.store.type=none")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SessionStore.class));
    }

    @Test
    void ofSeveralDataSourcesOneMustBeNamed(@TempDir Path folder) {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("one.db"));
        var two = application
                .withBean("one", DataSource.class, () -> source)
                .withBean("other", DataSource.class, PGSimpleDataSource::new);
        two.run(context -> assertThat(context)
                .hasFailed()
                .getFailure()
                .rootCause()
                .hasMessageContaining("there are 2 data sources")
                .hasMessageContaining("rein.store.data-source"));
        two.withPropertyValues("rein.store.data-source=one")
                .run(context -> assertThat(context).hasSingleBean(JdbcSessionStore.class));
    }

    @Test
    void aDatabaseThatCannotBeUsedFailsTheStartWithTheWayOut() {
        var source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://localhost:1/none");
        application
                .withBean(DataSource.class, () -> source)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .cause()
                        .cause()
                        .hasMessageContaining("can't be reached")
                        .hasMessageContaining("rein.store.type to memory"));
    }

    @Test
    void whatKeepsTheContextCanBeTurnedOff() {
        application.run(context ->
                assertThat(context.getBeansOfType(CallInterceptor.class)).hasSize(3));
        application
                .withPropertyValues(
                        "rein.context.mdc=false", "rein.context.security=false", "rein.context.thread-locals=false")
                .run(context -> assertThat(context).doesNotHaveBean(CallInterceptor.class));
    }

    @Test
    void withoutOptionalLibrariesTheApplicationStarts() {
        application
                .withClassLoader(new FilteredClassLoader(
                        "io.micrometer",
                        "org.springframework.security",
                        "org.springframework.web",
                        "org.springframework.boot.sql",
                        "dev.rein.anthropic",
                        "dev.rein.gemini",
                        "dev.rein.ollama"))
                .withPropertyValues("rein.model.name=x", "rein.model.api-key=k")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Model.class)
                        .hasSingleBean(CallInterceptor.class));
    }

    @Test
    void agentOsListensOnAPortOfItsOwnIfThereIsSomethingToServe() {
        var configured = application.withPropertyValues(
                "rein.agent-os.port=0", "rein.agent-os.security-key=sesame", "rein.runs.max-concurrent=3");
        configured.run(context -> assertThatException()
                .as("nothing to serve")
                .isThrownBy(() -> context.getBean(AgentOS.class).port()));
        var agents = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ReinAutoConfiguration.class,
                        ReinStoreAutoConfiguration.class,
                        ReinAgentOSAutoConfiguration.class))
                .withUserConfiguration(OneAgent.class)
                .withPropertyValues("rein.agent-os.port=0", "rein.agent-os.security-key=sesame");
        agents.run(context -> {
            var request = HttpRequest.newBuilder(
                    URI.create(context.getBean(AgentOS.class).url() + "/agents"));
            try (var client = HttpClient.newHttpClient()) {
                var refused = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                assertThat(refused.statusCode()).isEqualTo(401);
                var answer = client.send(
                        request.header("Authorization", "Bearer sesame").build(), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.body()).contains("\"teller\"");
            }
        });
        agents.withPropertyValues("rein.agent-os.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AgentOS.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OneAgent {
        @Bean
        Agent teller(AgentBuilder builder) {
            return builder.name("Teller").model(ScriptedModel.always("Once.")).build();
        }
    }

    @Test
    void anAgentOfOtherRunsIsRefused() {
        application
                .withBean(
                        "stray",
                        Agent.class,
                        () -> Agent.builder()
                                .name("Stray")
                                .model(ScriptedModel.always("x"))
                                .build())
                .run(context ->
                        assertThat(context).hasFailed().getFailure().rootCause().hasMessageContaining("other runs"));
    }

    @Test
    void theRunsEndWithTheContext() {
        var runs = new AtomicReference<Runs>();
        application.run(context -> runs.set(context.getBean(Runs.class)));
        var agent = Agent.builder()
                .runs(runs.get())
                .model(ScriptedModel.always("x"))
                .build();
        assertThatExceptionOfType(RunRejectedException.class).isThrownBy(() -> agent.run("Go"));
    }

    @Test
    void aPausedContextOfATestSuiteGoesOn() {
        application.withBean(Model.class, () -> ScriptedModel.always("Yes.")).run(context -> {
            ((ConfigurableApplicationContext) context).pause();
            ((ConfigurableApplicationContext) context).restart();
            assertThat(context.getBean(AgentBuilder.class).build().run("Go").text())
                    .isEqualTo("Yes.");
        });
    }
}
