package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.run.RunOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolEvent;
import dev.rein.session.EventPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolSpec;
import dev.rein.tool.ToolVisibility;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What events show of calls and their results. */
class ToolVisibilityTest {
    private static final String SECRET = "the salary is 4711";

    private final List<RunEvent> events = new ArrayList<>();

    private RunOutput run(TestModel model, Object... tools) throws Exception {
        var agent = Agent.builder().model(model).tools(tools).build();
        var run = agent.start("go");
        events.addAll(Events.of(run));
        return Events.end(run);
    }

    private static ToolSpec secret() {
        return tool("look", _ -> SECRET);
    }

    private static ToolSpec failing() {
        return tool("look", _ -> {
            throw new IllegalStateException(SECRET);
        });
    }

    private void isHiddenFromEventsOnly(TestModel model, RunOutput output) {
        assertThat(events).noneMatch(event -> event.toString().contains(SECRET));
        assertThat(model.told(1).content()).contains(SECRET);
        assertThat(output.tools().getFirst().result()).contains(SECRET);
    }

    @Test
    void aHiddenResultIsReadByTheModelOnly() throws Exception {
        var model = TestModel.of(calls("look"), says("Fine."));
        var output = run(model, secret().withVisibility(ToolVisibility.RESULT_HIDDEN));
        isHiddenFromEventsOnly(model, output);
        assertThat(Events.names(events)).containsSubsequence("ToolCallStarted", "ToolCallCompleted", "RunCompleted");
        assertThat(Events.only(ToolCallCompleted.class, events)
                        .getFirst()
                        .tool()
                        .result())
                .isEqualTo("(hidden)");
    }

    @Test
    void aHiddenErrorIsReadByTheModelOnly() throws Exception {
        var model = TestModel.of(calls("look"), says("Fine."));
        isHiddenFromEventsOnly(model, run(model, failing().withVisibility(ToolVisibility.RESULT_HIDDEN)));
        assertThat(Events.only(ToolCallError.class, events).getFirst().error()).isEqualTo("(hidden)");
    }

    @Test
    void aHiddenCallHasNoEvents() throws Exception {
        for (var tool : List.of(secret(), failing())) {
            var model = TestModel.of(calls("look"), says("Fine."));
            isHiddenFromEventsOnly(model, run(model, tool.withVisibility(ToolVisibility.HIDDEN)));
            assertThat(Events.only(ToolEvent.class, events)).isEmpty();
        }
    }

    @Test
    void otherToolsOfTheTurnAreShown() throws Exception {
        run(
                TestModel.of(calls("look", "open"), says("Fine.")),
                secret().withVisibility(ToolVisibility.HIDDEN),
                tool("open", _ -> "open result"));
        assertThat(Events.only(ToolEvent.class, events))
                .extracting(event -> event.tool().toolName())
                .containsExactly("open", "open");
    }

    /** A tool whose results are hidden. */
    public static final class Salaries {
        @Tool(value = "Looks", visibility = ToolVisibility.RESULT_HIDDEN)
        public String look() {
            return SECRET;
        }
    }

    @Test
    void anAnnotationSaysSoToo() throws Exception {
        var model = TestModel.of(calls("look"), says("Fine."));
        isHiddenFromEventsOnly(model, run(model, new Salaries()));
    }

    @Test
    void storedEventsDoNotHaveItEither() throws Exception {
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .name("Clerk")
                .store(store)
                .storeEvents(EventPolicy.ALL)
                .model(TestModel.of(calls("look"), says("Fine.")))
                .tools(secret().withVisibility(ToolVisibility.RESULT_HIDDEN))
                .build();
        var output = Events.end(agent.start("go"));
        assertThat(store.events(output.runId(), -1, 100))
                .isNotEmpty()
                .noneMatch(event -> event.toString().contains(SECRET));
    }

    @Test
    void aResultIsEitherShownToUsersOrHidden() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secret().withShownResult().withVisibility(ToolVisibility.HIDDEN))
                .withMessageContaining("showResult is true, and visibility is HIDDEN");
    }
}
