package dev.rein.spring;

import dev.rein.runtime.Runs;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the runs, as {@code rein}. */
@AutoConfiguration(after = ReinAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("rein")
public class ReinHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "reinHealthIndicator")
    HealthIndicator reinHealthIndicator(Runs runs) {
        return new RunsHealthIndicator(runs);
    }
}
