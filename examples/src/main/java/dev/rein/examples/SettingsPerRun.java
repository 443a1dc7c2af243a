package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.model.ModelSettings;
import dev.rein.runtime.RunOptions;
import dev.rein.tool.Tool;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One agent serves many users: functions of the run's context give it instructions and tools, and options do so for one run. Asks no server. */
public final class SettingsPerRun {
    private static final Map<String, String> LANGUAGES = Map.of("odile", "French", "otto", "German");

    private SettingsPerRun() {}

    /** The orders of one customer. */
    public static final class Orders {
        private final String user;

        Orders(String user) {
            this.user = user;
        }

        @Tool("Lists the orders of the customer")
        public String orders() {
            return "the orders of " + user;
        }
    }

    /** Something that only the run of a manager may do. */
    public static final class Refunds {
        @Tool("Pays an order back")
        public String refund(String order) {
            return "paid back " + order;
        }
    }

    public static void main(String... args) {
        var agent = Agent.builder()
                .name("Help Desk")
                .model(ExampleModel.thatCalls("orders", "{}"))
                .instructions("Help the customer.")
                // Each is called once in a run, before the first request.
                .instructions(context -> "Answer in " + LANGUAGES.get(user(context.userId())) + ".")
                .tools(context -> List.of(new Orders(user(context.userId()))))
                .settings(ModelSettings.builder().temperature(0.2).build())
                .build();

        var odile = RunOptions.defaults().userId("odile");
        print(agent, odile);
        print(agent, odile.userId("otto").instructions("The customer is angry.").tools(new Refunds()));
        print(
                agent,
                odile.model(ExampleModel.thatAnswers("I am another model."))
                        .settings(ModelSettings.builder().temperature(0.9).build()));
    }

    private static String user(@Nullable String id) {
        return Objects.requireNonNull(id, "a run of the help desk needs the id of its user");
    }

    private static void print(Agent agent, RunOptions options) {
        var output = agent.run("Where is my order?", options).orThrow();
        System.out.println(output.messages().getFirst().content().replace("\n\n", " "));
        System.out.println("-> " + output.text());
    }
}
