package dev.rein.cli.serve;

import dev.rein.agent.Agent;
import dev.rein.cli.ModelChoice;
import dev.rein.session.SessionStore;
import dev.rein.team.Team;
import dev.rein.tools.web.HackerNewsTools;
import dev.rein.tools.web.WebSearchTools;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;

/**
 * The components of {@code rein serve}. The ids are fixed, because documentation and clients refer to them.
 *
 * @param agents research-agent, writing-agent, storyteller-agent and editor-agent
 * @param team storytelling-team
 * @param workflow article-workflow
 */
record DemoComponents(List<Agent> agents, Team team, Workflow workflow) {
    /** Number of earlier runs in the context; few, because small models have a small context window. */
    private static final int HISTORY = 3;

    static DemoComponents of(ModelChoice choice, SessionStore store) {
        var model = choice.model();
        var researcher = Agent.builder()
                .name("Research Agent")
                .model(model)
                .store(store)
                .addHistory(HISTORY)
                .tools(
                        choice.offline() ? HackerNewsTools.offline() : new HackerNewsTools(),
                        choice.offline() ? WebSearchTools.offline() : new WebSearchTools())
                .description("Researches a topic in the web and on Hacker News")
                .instructions("Research the given topic and provide key facts and insights.")
                .build();
        var writer = Agent.builder()
                .name("Writing Agent")
                .model(model)
                .store(store)
                .addHistory(HISTORY)
                .description("Writes articles")
                .instructions("Write a comprehensive article based on the research provided.")
                .build();
        var storyteller = Agent.builder()
                .name("Storyteller Agent")
                .model(model)
                .store(store)
                .addHistory(HISTORY)
                .description("Writes creative stories")
                .build();
        var editor = Agent.builder()
                .name("Editor Agent")
                .model(model)
                .store(store)
                .addHistory(HISTORY)
                .description("Reviews and improves stories")
                .build();
        var team = Team.builder()
                .name("Storytelling Team")
                .model(model)
                .store(store)
                .addHistory(HISTORY)
                .members(storyteller, editor)
                .description("Writes detailed stories together")
                .build();
        var workflow = Workflow.builder()
                .name("Article Workflow")
                .store(store)
                .description("From research to an article")
                .steps(
                        Step.of("research", researcher).description("Gather facts"),
                        Step.of("writing", writer).description("Write the article"))
                .build();
        return new DemoComponents(List.of(researcher, writer, storyteller, editor), team, workflow);
    }
}
