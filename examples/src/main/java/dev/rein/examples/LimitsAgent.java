package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.runtime.Limits;
import java.time.Duration;

/** Limits what a run may use up: {@code [model [tokens [seconds]]]}. A run that reaches a limit ends CANCELLED. */
public final class LimitsAgent {
    private LimitsAgent() {}

    public static void main(String... args) {
        long tokens = args.length > 1 ? Long.parseLong(args[1]) : 500;
        double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 20;
        var agent = Agent.builder()
                .name("Thrifty Storyteller")
                .model(ExampleModel.of(args))
                .limits(Limits.none()
                        .tokens(tokens)
                        .deadline(Duration.ofMillis(Math.round(seconds * 1000)))
                        .firstToken(Duration.ofSeconds(30))
                        .idle(Duration.ofSeconds(10)))
                .build();

        var output = agent.run("Write a very long story about a dragon who learns to code.");
        var cause = output.cause();
        System.out.println(Outcome.status(output) + (cause == null ? "" : ", " + cause.kind() + ": " + cause.reason()));
        System.out.println(output.metrics().usage().totalTokens() + " tokens in "
                + output.metrics().duration().toMillis() + " ms");
        System.out.println(output.preview(200));
    }
}
