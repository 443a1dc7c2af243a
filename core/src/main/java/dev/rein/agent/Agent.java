package dev.rein.agent;

import dev.rein.internal.agent.AgentPlan;
import dev.rein.internal.run.RunPlan;
import dev.rein.model.Model;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.runtime.Component;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.Conversation;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import org.jspecify.annotations.Nullable;

/**
 * A model with instructions and tools. A run sends the conversation to the model, executes the tool calls that the model
 * requests, concurrently, returns their results to the model, and repeats this until the model answers.
 *
 * {@snippet :
 * var researcher = Agent.builder().name("Research Agent").model(OpenAIChat.of("gpt-4o-mini"))
 *         .tools(new WebSearchTools()).instructions("Research the topic and give key facts.").build();
 * System.out.println(researcher.run("Dragons that code").orThrow().text());
 * }
 */
public final class Agent extends Component {
    private final AgentSettings settings;

    Agent(AgentSettings settings) {
        this.settings = settings;
    }

    public static AgentBuilder builder() {
        return new AgentBuilder();
    }

    /**
     * Returns an agent without a name.
     *
     * @param instructions the instructions for the model; may be empty
     */
    public static Agent of(Model model, String instructions) {
        return builder().model(model).instructions(instructions).build();
    }

    @Override
    public String id() {
        return settings.id();
    }

    @Override
    public @Nullable String name() {
        return settings.name();
    }

    /** The settings that this agent was built with. */
    public AgentSettings settings() {
        return settings;
    }

    @Override
    public Runs runs() {
        return settings.component().runs();
    }

    @Override
    protected ComponentSettings componentSettings() {
        return settings.component();
    }

    @Override
    public ComponentKind kind() {
        return ComponentKind.AGENT;
    }

    @Override
    protected RunPlan plan(RunInput input, RunOptions options, @Nullable TypeRef<?> answerType) {
        return AgentPlan.of(settings, input, options, answerType);
    }

    /**
     * A new conversation: runs of a session of its own, with those before them as their history.
     *
     * @throws IllegalStateException if this agent was built without a history
     */
    public Conversation conversation() {
        if (settings.history() == 0) {
            throw new IllegalStateException(
                    "agent " + id() + " has no history, so that it would forget what was said: build it"
                            + " with store(..) and addHistory(..)");
        }
        return Conversation.of(this);
    }

    @Override
    public String toString() {
        return "Agent " + settings.id();
    }

    @Override
    protected String purpose() {
        var role = settings.role();
        return role == null ? "" : role;
    }
}
