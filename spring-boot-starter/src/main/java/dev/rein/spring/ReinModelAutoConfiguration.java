package dev.rein.spring;

import dev.rein.model.Model;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The model of {@code rein.model.*}, unless the application has a model of its own. */
@AutoConfiguration
@ConditionalOnMissingBean(Model.class)
@Conditional(ReinModelAutoConfiguration.IsDescribed.class)
@EnableConfigurationProperties(ModelProperties.class)
public class ReinModelAutoConfiguration {

    @Bean
    Model reinModel(ModelProperties properties) {
        return Models.of(properties);
    }

    /** Whether any property below {@code rein.model} is set. */
    static final class IsDescribed extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            var message = ConditionMessage.forCondition("properties of rein.model");
            var isEmpty = Binder.get(context.getEnvironment())
                    .bind("rein.model", Bindable.mapOf(String.class, Object.class))
                    .orElse(Map.of())
                    .isEmpty();
            return isEmpty
                    ? ConditionOutcome.noMatch(message.because("none is set"))
                    : ConditionOutcome.match(message.because("some are set"));
        }
    }
}
