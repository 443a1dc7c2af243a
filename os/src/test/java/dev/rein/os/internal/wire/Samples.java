package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Usage;
import dev.rein.run.RunOutput;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Component;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolSpec;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The recorded components with the same model scripts, and runs of them. */
public final class Samples {
    static final Usage USAGE = Usage.of(10, 5);
    static final String[] WORDS = {"w0", " w1", " w2", " w3", " w4", " w5", " w6", " w7", " w8", " w9"};

    public final InMemorySessionStore store = new InMemorySessionStore();

    public static Script says(String... tokens) {
        return Script.tokens(tokens).usage(USAGE);
    }

    static Script calls(String tool, String arguments) {
        return Script.empty().thenToolCall("call_0", tool, arguments).usage(USAGE);
    }

    /** Says ten words and then hangs until cancelled. */
    static Script hangs() {
        return Script.tokens(WORDS).thenHang();
    }

    static ScriptedModel model(Script... scripts) {
        return ScriptedModel.of(scripts).id("fake-1").provider("Fake");
    }

    Agent agent(String name, UnaryOperator<AgentBuilder> more, Script... scripts) {
        return more.apply(Agent.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name(name)
                        .model(model(scripts))
                        .store(store))
                .build();
    }

    public Agent agent(String name, Script... scripts) {
        return agent(name, builder -> builder, scripts);
    }

    public Agent plain() {
        return agent(
                "Plain Agent", says("Hello", " world", " from", " fake"), says("Hello", " world", " from", " fake"));
    }

    public Agent slow() {
        return agent("Slow Agent", hangs());
    }

    Agent failing() {
        var model = ScriptedModel.create().id("fake-1").provider("Fake").answerWith((_, _) -> {
            throw new IllegalStateException("model down");
        });
        return Agent.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Boom Agent")
                .model(model)
                .store(store)
                .build();
    }

    /** A tool of a toolkit. */
    public static final class Weather {
        @Tool(name = "get_weather", value = "Get weather for a city.")
        public String weather(@Param("(str) The city name.") String city) {
            return "Sunny in " + city;
        }
    }

    /** A tool that requires confirmation. */
    public static final class Files {
        @Tool(name = "delete_file", value = "Delete a file")
        public String delete(String path) {
            return "deleted " + path;
        }
    }

    Agent tool() {
        return agent(
                "Tool Agent",
                builder -> builder.description("Weather bot").tools(new Weather()),
                calls("get_weather", "{\"city\": \"Paris\"}"),
                says("Hello", " world", " from", " fake"));
    }

    public Agent asking() {
        return agent(
                "HITL Agent",
                builder -> builder.tools(ToolSpec.from(new Files()).getFirst().withConfirmation("Delete it?")),
                calls("delete_file", "{\"path\": \"/data/file\"}"),
                says("Hello", " world", " from", " fake"));
    }

    private static Script delegates(String member) {
        return calls("delegate_task_to_member", "{\"member_id\": \"" + member + "\", \"task\": \"write\"}");
    }

    Team storytelling() {
        return Team.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Storytelling Team")
                .model(model(delegates("story-writer"), says("Team", " done")))
                .members(
                        agent(
                                "Story Writer",
                                builder -> builder.role("Writes stories"),
                                says("Once", " upon", " a", " time")),
                        agent("Editor", builder -> builder.role("Edits")))
                .store(store)
                .build();
    }

    Team slowTeam() {
        return Team.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Slow Team")
                .model(model(delegates("slow-writer")))
                .members(agent("Slow Writer", hangs()))
                .store(store)
                .build();
    }

    public Workflow content() {
        return Workflow.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Content Workflow")
                .description("Two steps")
                .steps(
                        Step.of("Research Step", agent("Researcher", says("research", " notes"))),
                        Step.of("Write Step", agent("Writer", says("final", " article"))))
                .store(store)
                .build();
    }

    public Workflow slowWorkflow() {
        return Workflow.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Slow Workflow")
                .steps(
                        Step.of("Research Step", agent("R2", hangs())),
                        Step.of("Write Step", agent("W2", says("never"))))
                .store(store)
                .build();
    }

    Workflow asked() {
        return Workflow.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("HITL Workflow")
                .steps(Step.of("confirm", agent("Confirmed", says("done"))).confirm("ok?"))
                .store(store)
                .build();
    }

    // ---- runs

    /** An ended or paused run, and the frames that a reader received. */
    record Played(RunHandle run, RunOutput output, List<RunEvent> events, List<EventFrame> frames) {
        List<ObjectNode> data() {
            return frames.stream().map(EventFrame::data).toList();
        }
    }

    static RunOptions session(String id) {
        return RunOptions.defaults().sessionId(id);
    }

    static Played play(Component component, RunOptions options) throws Exception {
        return play(component, options, EventOptions.all());
    }

    static Played play(Component component, RunOptions options, EventOptions reader) throws Exception {
        return read(component, component.start("hi", options), -1, reader, false);
    }

    /** The run, cancelled once ten words were read. */
    static Played stop(Component component, RunOptions options) throws Exception {
        return read(component, component.start("hi", options), -1, EventOptions.all(), true);
    }

    static Played read(Component component, RunHandle run, long after, EventOptions reader, boolean stops)
            throws Exception {
        var wire = new EventWire(ComponentCatalog.of(List.of(component)), run::output, reader);
        var events = new ArrayList<RunEvent>();
        var frames = new ArrayList<EventFrame>();
        var words = 0;
        try (EventStream stream = run.events(after)) {
            for (var event : stream) {
                events.add(event);
                frames.addAll(wire.frames(event));
                if (event instanceof RunContent && ++words == WORDS.length && stops) {
                    run.cancel(CancelRequest.now());
                }
            }
        }
        return new Played(run, run.await(), events, frames);
    }
}
