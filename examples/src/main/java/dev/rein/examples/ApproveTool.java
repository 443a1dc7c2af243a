package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.Decision;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import java.util.Objects;

/** A tool that people must confirm: the run is paused until they have: {@code [model [yes|no]]}. */
public final class ApproveTool {
    private ApproveTool() {}

    /** What costs money is asked for. */
    public static final class Bank {
        @Tool(value = "Pays an amount of euros to somebody", requiresConfirmation = true)
        public String pay(@Param("To whom") String to, int euros) {
            return "paid " + euros + " euros to " + to;
        }
    }

    public static void main(String... args) throws InterruptedException {
        var approved = args.length < 2 || args[1].equals("yes");
        var agent = Agent.builder()
                .name("Payer")
                .model(ExampleModel.of(args))
                .tools(new Bank())
                .instructions("Pay with the tool.")
                .build();

        var output = agent.run("Pay Odile 20 euros.");
        while (output.isPaused()) {
            var asked = output.requirements().getFirst();
            var call = Objects.requireNonNull(asked.tool(), "only a tool asks here");
            System.out.println("May it call " + call.toolName() + call.arguments() + "?");
            var decision = approved ? Decision.confirm(asked.id()) : Decision.reject(asked.id(), "too expensive");
            output = agent.continueRun(output.runId(), decision).await();
        }
        output.tools().forEach(call -> System.out.println(call.toolName() + " -> " + call.result()));
        System.out.println(Outcome.of(output));
    }
}
