package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.RunContext;
import dev.rein.runtime.RunOptions;
import dev.rein.tool.Tool;
import java.util.Map;

/** The caller of a run gives its tools and its model a customer and a price list. Asks no server. */
public final class RunDependencies {
    private RunDependencies() {}

    /** A customer, whom the model is told as JSON. */
    public record Customer(String name, boolean member) {}

    /** A service of the application, for tools only. */
    public static final class PriceList {
        private final Map<String, Double> prices;

        PriceList(Map<String, Double> prices) {
            this.prices = prices;
        }

        double of(String article) {
            return prices.getOrDefault(article, 0.0);
        }
    }

    /** A tool that reads the dependencies of its run. */
    public static final class Shop {
        @Tool("The price of an article for the customer")
        public String price(String article, RunContext context) {
            var customer = context.dependency("customer", Customer.class);
            var price = context.dependency("prices", PriceList.class).of(article);
            return article + " for " + customer.name() + ": " + (customer.member() ? price / 2 : price);
        }
    }

    public static void main(String... args) {
        var agent = Agent.builder()
                .name("Shop")
                .model(ExampleModel.thatCalls("price", "{\"article\": \"lamp\"}"))
                .instructions("Help the customer.")
                .tools(new Shop())
                .addDependencies("customer") // the model is told this one only
                .build();
        var options = RunOptions.defaults()
                .dependency("customer", new Customer("Odile", true))
                // Called once, at the start of the run.
                .dependency("prices", () -> new PriceList(Map.of("lamp", 9.0)));
        var output = agent.run("What is the lamp?", options).orThrow();
        System.out.println(output.messages().getFirst().content());
        System.out.println("-> " + output.text());
    }
}
