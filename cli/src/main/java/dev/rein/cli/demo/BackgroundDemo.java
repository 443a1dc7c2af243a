package dev.rein.cli.demo;

import dev.rein.agent.Agent;
import dev.rein.runtime.Component;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;

/** A workflow in the background, cancelled by its id. */
final class BackgroundDemo implements Demo {

    @Override
    public String title() {
        return "background";
    }

    @Override
    public String heading() {
        return "A workflow in the background, stopped by its id";
    }

    @Override
    public Component component(DemoContext context) {
        return Workflow.builder()
                .name("Long Running Analysis")
                .steps(
                        step(context, "Research", "research the web"),
                        step(context, "Deep Analysis", "analyze what was found"),
                        step(context, "Report Generation", "generate a report"))
                .build();
    }

    private static Step step(DemoContext context, String name, String skill) {
        return Step.of(name, Agent.of(context.model(), "You are a helpful assistant that can " + skill + "."));
    }

    @Override
    public String prompt() {
        return "Comprehensive market analysis for emerging technologies";
    }

    @Override
    public Duration cancelAfter() {
        return Duration.ofSeconds(5);
    }

    @Override
    public boolean inBackground() {
        return true;
    }
}
