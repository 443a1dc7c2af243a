package dev.rein.cli.demo;

import dev.rein.agent.Agent;
import dev.rein.runtime.Component;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;

/** A workflow of two agents: the first searches the web, the second writes. */
final class WorkflowDemo implements Demo {

    @Override
    public String title() {
        return "workflow";
    }

    @Override
    public String heading() {
        return "A workflow, stopped from another thread";
    }

    @Override
    public Component component(DemoContext context) {
        var researcher = Agent.builder()
                .name("Research Agent")
                .model(context.model())
                .tools(context.webSearch(), context.hackerNews())
                .instructions("Research the given topic and provide key facts and insights.")
                .build();
        var writer = Agent.builder()
                .name("Writing Agent")
                .model(context.model())
                .instructions("Write a comprehensive article based on the research provided.")
                .build();
        return Workflow.builder()
                .name("Article Workflow")
                .description("Automated article creation from research to writing")
                .steps(
                        Step.of("research", researcher).description("Research the topic and gather information"),
                        Step.of("writing", writer).description("Write an article based on the research"))
                .build();
    }

    @Override
    public Duration cancelAfter() {
        return Duration.ofSeconds(7);
    }
}
