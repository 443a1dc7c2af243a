package dev.rein.spring;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.model.Model;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunListener;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.team.Team;
import dev.rein.team.TeamBuilder;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowBuilder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;

/**
 * The runs of the application, which end with its context, and builders of agents, teams and workflows that belong to them. All
 * beans that are {@link RunListener}s and {@link CallInterceptor}s observe and intercept the runs.
 */
@AutoConfiguration(after = {ReinModelAutoConfiguration.class, ReinStoreAutoConfiguration.class})
@EnableConfigurationProperties(ReinProperties.class)
public class ReinAutoConfiguration {

    /** The runs of this application. The shutdown is that of the application context. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Runs reinRuns(ReinProperties properties) {
        var runs = Runs.create();
        runs.shutdownHook(false);
        runs.watchdog(properties.runs().watchdog());
        var most = properties.runs().maxConcurrent();
        if (most != null) {
            runs.maxConcurrentRuns(most, properties.runs().maxQueued());
        }
        return runs;
    }

    @Bean
    DrainTime reinDrainTime(ReinProperties properties) {
        return new DrainTime(properties.runs().drain());
    }

    @Bean
    RunsLifecycle reinRunsLifecycle(Runs runs, DrainTime drain, ReinProperties properties) {
        return new RunsLifecycle(runs, drain, properties.runs().close());
    }

    /** Adds the listeners and interceptors, which may use runs themselves, when all beans exist. */
    @Bean
    RunObservers reinRunObservers(
            Runs runs, ObjectProvider<RunListener> listeners, ObjectProvider<CallInterceptor> interceptors) {
        return new RunObservers(runs, listeners, interceptors);
    }

    /** Builds an agent of this application, with the model and the store of the application if it has them. */
    @Bean
    @Scope("prototype")
    @ConditionalOnMissingBean
    AgentBuilder reinAgentBuilder(Runs runs, ObjectProvider<Model> model, ObjectProvider<SessionStore> store) {
        var builder = Agent.builder().runs(runs);
        model.ifUnique(builder::model);
        store.ifUnique(builder::store);
        return builder;
    }

    /** Builds a team of this application, with the model and the store of the application if it has them. */
    @Bean
    @Scope("prototype")
    @ConditionalOnMissingBean
    TeamBuilder reinTeamBuilder(Runs runs, ObjectProvider<Model> model, ObjectProvider<SessionStore> store) {
        var builder = Team.builder().runs(runs);
        model.ifUnique(builder::model);
        store.ifUnique(builder::store);
        return builder;
    }

    /** Builds a workflow of this application, with the store of the application if it has one. */
    @Bean
    @Scope("prototype")
    @ConditionalOnMissingBean
    WorkflowBuilder reinWorkflowBuilder(Runs runs, ObjectProvider<SessionStore> store) {
        var builder = Workflow.builder().runs(runs);
        store.ifUnique(builder::store);
        return builder;
    }
}
