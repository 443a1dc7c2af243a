package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;

/** Holds a conversation: the second run sees what was said in the first. */
public final class SessionsAgent {
    private SessionsAgent() {}

    public static void main(String... args) {
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .name("Assistant")
                .model(ExampleModel.of(args))
                .store(store)
                .addHistory(10)
                .build();
        var conversation = RunOptions.defaults().sessionId("holiday-plans").userId("odile");

        System.out.println(agent.run("My name is Odile and I like mountains.", conversation)
                .orThrow()
                .text());
        System.out.println(agent.run("Where should I go, and what is my name?", conversation)
                .orThrow()
                .text());

        System.out.println(store.runs("holiday-plans").size() + " runs are stored");
    }
}
