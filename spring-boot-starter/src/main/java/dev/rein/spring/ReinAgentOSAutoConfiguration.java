package dev.rein.spring;

import dev.rein.agent.Agent;
import dev.rein.os.AgentOS;
import dev.rein.os.JwtAuth;
import dev.rein.os.ServerLimits;
import dev.rein.runtime.Component;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.team.Team;
import dev.rein.workflow.Workflow;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** AgentOS for all agents, teams and workflows of the application, on a port of its own or in the application's server. */
@AutoConfiguration(after = ReinAutoConfiguration.class)
@ConditionalOnProperty(name = "rein.agent-os.enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties(AgentOSProperties.class)
public class ReinAgentOSAutoConfiguration {
    private static final Logger log = LoggerFactory.getLogger(ReinAgentOSAutoConfiguration.class);

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    AgentOS reinAgentOS(
            AgentOSProperties properties,
            ReinProperties rein,
            Runs runs,
            ObjectProvider<SessionStore> store,
            ObjectProvider<JwtAuth> jwt,
            ObjectProvider<ServerLimits> limits,
            ObjectProvider<Agent> agents,
            ObjectProvider<Team> teams,
            ObjectProvider<Workflow> workflows) {
        var builder = AgentOS.builder()
                .runs(runs)
                .agents(named(agents).toArray(Agent[]::new))
                .teams(named(teams).toArray(Team[]::new))
                .workflows(named(workflows).toArray(Workflow[]::new))
                .host(properties.host())
                .insecure(properties.insecure())
                .drain(rein.runs().drain())
                .onDisconnect(properties.onDisconnect().policy())
                .limits(limits(rein, limits.getIfAvailable(ServerLimits::standard)));
        store.ifUnique(builder::store);
        jwt.ifUnique(builder::jwt);
        if (properties.port() != null) {
            builder.port(properties.port());
        }
        if (properties.securityKey() != null) {
            builder.securityKey(properties.securityKey());
        }
        if (properties.corsOrigins() != null) {
            builder.corsOrigins(properties.corsOrigins().toArray(String[]::new));
        }
        if (properties.console() != null) {
            builder.console(properties.console());
        }
        if (properties.id() != null) {
            builder.id(properties.id());
        }
        if (properties.name() != null) {
            builder.name(properties.name());
        }
        if (properties.description() != null) {
            builder.description(properties.description());
        }
        return builder.build();
    }

    private static ServerLimits limits(ReinProperties rein, ServerLimits limits) {
        var most = rein.runs().maxConcurrent();
        return most == null
                ? limits
                : limits.backgroundRuns(most).queuedRuns(rein.runs().maxQueued());
    }

    private static <C extends Component> List<C> named(ObjectProvider<C> components) {
        return components
                .orderedStream()
                .filter(component -> {
                    if (component.name() == null) {
                        log.info("AgentOS does not serve the {} {}: it has no name", component.kind(), component.id());
                    }
                    return component.name() != null;
                })
                .toList();
    }

    @Bean
    AgentOSLifecycle reinAgentOSLifecycle(
            AgentOS os,
            AgentOSProperties properties,
            DrainTime drain,
            ObjectProvider<Agent> agents,
            ObjectProvider<Team> teams,
            ObjectProvider<Workflow> workflows,
            ObjectProvider<Mount> mount) {
        var path = properties.path();
        var mounted = mount.getIfAvailable();
        if (path != null && mounted == null) {
            throw new IllegalStateException("rein.agent-os.path is " + path
                    + ", but the application has no servlet container: leave it out to use a port of its own");
        }
        var isServing = isAnyNamed(agents) || isAnyNamed(teams) || isAnyNamed(workflows);
        return new AgentOSLifecycle(os, drain, isServing, mounted == null ? null : () -> mounted.servlet.serve(os));
    }

    private static boolean isAnyNamed(ObjectProvider<? extends Component> components) {
        return components.stream().anyMatch(component -> component.name() != null);
    }

    /** The servlet, which exists before the application's server starts. */
    record Mount(AgentOSServlet servlet) {}

    /** In the application's server. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnProperty("rein.agent-os.path")
    static class Mounted {
        @Bean
        Mount reinAgentOSMount() {
            return new Mount(new AgentOSServlet());
        }

        @Bean
        ServletRegistrationBean<HttpServlet> reinAgentOSServlet(
                Mount mount, AgentOSProperties properties, ObjectProvider<ServerLimits> limits) {
            var registration = new ServletRegistrationBean<HttpServlet>(mount.servlet(), properties.path() + "/*");
            registration.setName("reinAgentOS");
            registration.setAsyncSupported(true);
            var most = limits.getIfAvailable(ServerLimits::standard).bodyBytes();
            registration.setMultipartConfig(new MultipartConfigElement("", most, most, 1 << 20));
            return registration;
        }
    }
}
