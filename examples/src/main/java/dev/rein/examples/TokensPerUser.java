package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;

/** Counts the tokens of each user with a listener for all runs, those of members and steps included. Asks no model. */
public final class TokensPerUser {
    private TokensPerUser() {}

    /** Adds up the tokens of each model request. */
    static final class TokenCounter implements RunListener {
        private final Map<String, Long> tokens = new ConcurrentSkipListMap<>();

        @Override
        public void modelRequestEnded(RunInfo run, ModelRequest request) {
            var usage = request.usage();
            if (usage != null) {
                tokens.merge(Objects.requireNonNullElse(run.userId(), "unknown"), usage.totalTokens(), Long::sum);
            }
        }

        Map<String, Long> tokens() {
            return tokens;
        }
    }

    public static void main(String... args) {
        var counter = new TokenCounter();
        try (var runs = Runs.create()) {
            runs.addListener(counter);
            var agent = Agent.builder()
                    .name("Storyteller")
                    .runs(runs)
                    .model(ExampleModel.thatAnswers("Once upon a time there was a dragon who learned to code."))
                    .build();
            agent.run("A story.", RunOptions.defaults().userId("odile"));
            agent.run("Another one.", RunOptions.defaults().userId("odile"));
            agent.run("A story.", RunOptions.defaults().userId("ann"));
        } // Listeners are notified on a thread of their own; closing waits for them.
        counter.tokens().forEach((user, tokens) -> System.out.println(user + ": " + tokens + " tokens"));
    }
}
