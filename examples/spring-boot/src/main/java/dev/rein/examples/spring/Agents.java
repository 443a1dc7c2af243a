package dev.rein.examples.spring;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.runtime.Limits;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The agents of the shop, with the model and the store of application.yaml. */
@Configuration
public class Agents {
    @Bean
    Agent clerk(AgentBuilder builder, Orders orders) {
        return builder.name("Clerk")
                .instructions("You answer customers of a shop, briefly.")
                .tools(orders)
                .addHistory(5)
                .limits(Limits.none().deadline(Duration.ofMinutes(2)))
                .build();
    }
}
