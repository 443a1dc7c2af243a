package dev.rein.spring;

import dev.rein.runtime.Runs;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Metrics of runs in the application's registries. */
@AutoConfiguration(after = ReinAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
public class ReinMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RunMetrics reinRunMetrics(Runs runs) {
        return new RunMetrics(runs);
    }
}
