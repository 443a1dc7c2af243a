package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.run.event.RunCancelled;
import dev.rein.runtime.Component;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Situation22StopAtTheTopTest {
    private static final String PARTIAL = "Half a";

    private final FakeProvider provider =
            FakeProvider.start().byDefault(Script.text("Half a story").hangAfter(2));
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final List<RunOutput> inTool = new CopyOnWriteArrayList<>();
    private final List<ScriptedModel> scripted = new ArrayList<>();

    @AfterEach
    void close() {
        provider.close();
    }

    static Stream<Arguments> modesAndForms() {
        return Stream.of(TeamMode.values())
                .flatMap(mode -> Stream.of(Form.values()).map(form -> Arguments.of(mode, form)));
    }

    private ScriptedModel says(Script... scripts) {
        var model = ScriptedModel.of(scripts);
        scripted.add(model);
        return model;
    }

    /** A member that says half a story over a real socket, and hangs. */
    private Agent hanging(String name, Api api) {
        return Teams.member(name, api.at(provider));
    }

    /** A member whose tool asks such an agent. */
    private Agent asker(Api api) {
        var asked = hanging("Asked", api);
        return Agent.builder()
                .name("Asker")
                .model(says(Script.text("Let me ask.").thenToolCall("ask", "{}")))
                .tools(Tools.tool("ask", _ -> {
                    var output = asked.run("Go");
                    inTool.add(output);
                    return output.text();
                }))
                .build();
    }

    private Started cancelledWhileHanging(Form form, Component top, int hanging) {
        var run = form.start(top, "Go");
        var exchanges = IntStream.rangeClosed(1, hanging)
                .mapToObj(number -> provider.awaitRequest(number).awaitHanging())
                .toList();
        Waiting.until("what was sent is delivered", () -> run.deliveredTimes(PARTIAL) == hanging);
        var asked = scripted.stream().mapToInt(ScriptedModel::callsStarted).sum();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER).reason("enough"));

        exchanges.forEach(exchange -> exchange.awaitClosed(Waiting.SOON));
        run.end(Waiting.SOON);
        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.abandoned()).isEmpty();
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.USER);
        assertThat(output.cause().reason()).isEqualTo("enough");
        assertThat(scripted.stream().mapToInt(ScriptedModel::callsStarted).sum())
                .as("calls of models after the stop")
                .isEqualTo(asked);
        assertThat(provider.requestCount()).isEqualTo(hanging);
        Waiting.until("no connection is left", () -> provider.openConnections() == 0);
        return run;
    }

    private static void stoppedByItsParent(RunOutput output, String text) {
        assertThat(output.isCancelled()).as(output.componentId()).isTrue();
        var cause = Objects.requireNonNull(output.cause());
        assertThat(cause.kind()).isEqualTo(CancelKind.PARENT);
        assertThat(cause.reason()).contains("enough");
        assertThat(output.text()).isEqualTo(text);
        assertThat(output.abandoned()).isEmpty();
    }

    private static RunOutput member(RunOutput of, String id) {
        return of.memberResponses().stream()
                .filter(member -> member.componentId().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(of.componentId() + " has no run of " + id));
    }

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void everyRunBelowIsStoppedByItsParentAndKeepsItsPartialText(Api api, Form form) {
        var sub = Teams.of("Sub", says(Teams.delegates("editor")), hanging("Editor", api))
                .build();
        var top = Teams.of(
                        "Top",
                        says(Script.text("All of you.")
                                .thenToolCall("a", Teams.DELEGATE, "{\"member_id\":\"writer\",\"task\":\"Work\"}")
                                .thenToolCall("b", Teams.DELEGATE, "{\"member_id\":\"sub\",\"task\":\"Work\"}")
                                .thenToolCall("c", Teams.DELEGATE, "{\"member_id\":\"asker\",\"task\":\"Work\"}")),
                        hanging("Writer", api),
                        sub,
                        asker(api))
                .store(store)
                .storeWait(Waiting.LONG)
                .build();

        var run = cancelledWhileHanging(form, top, 3);

        var output = run.end();
        assertThat(output.text()).isEqualTo("All of you.");
        assertThat(output.memberResponses()).hasSize(3);
        assertThat(output.tools()).hasSize(3).allSatisfy(tool -> {
            assertThat(tool.result()).isNull();
            assertThat(tool.childRunId()).isNotNull();
        });
        stoppedByItsParent(member(output, "writer"), PARTIAL);
        stoppedByItsParent(member(output, "sub"), PARTIAL);
        stoppedByItsParent(member(member(output, "sub"), "editor"), PARTIAL);
        stoppedByItsParent(member(output, "asker"), "Let me ask.");
        assertThat(inTool).singleElement().satisfies(asked -> stoppedByItsParent(asked, PARTIAL));
        if (run.wasWatched()) {
            assertThat(run.events(RunCancelled.class)).hasSize(6);
        }
    }

    private Team inMode(TeamMode mode) {
        var leader = says(
                switch (mode) {
                    case COORDINATE -> Teams.delegates("one", "two");
                    case ROUTE -> Teams.delegates("one");
                    case BROADCAST -> Teams.broadcasts();
                    case TASKS -> Script.toolCall("create_task", "{\"title\":\"First\"}");
                },
                Script.toolCall("execute_task", "{\"task_id\":\"task-1\",\"member_id\":\"one\"}"));
        return Teams.of("Team", leader, hanging("One", Api.CHAT), hanging("Two", Api.CHAT))
                .mode(mode)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
    }

    @ParameterizedTest
    @MethodSource("modesAndForms")
    void theMembersAreStoppedHoweverTheLeaderWorksWithThem(TeamMode mode, Form form) {
        var hanging = mode == TeamMode.COORDINATE || mode == TeamMode.BROADCAST ? 2 : 1;

        var output = cancelledWhileHanging(form, inMode(mode), hanging).end();

        assertThat(output.text()).isEqualTo(PARTIAL);
        assertThat(output.memberResponses()).hasSize(hanging).allSatisfy(member -> stoppedByItsParent(member, PARTIAL));
    }
}
