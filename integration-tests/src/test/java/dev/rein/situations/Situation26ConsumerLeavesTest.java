package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.Component;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunStream;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Exchange;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation26ConsumerLeavesTest {
    /** What is streamed. */
    enum Kind {
        TEAM,
        WORKFLOW,
        PARALLEL
    }

    private final FakeProvider provider = FakeProvider.start();
    private final InMemorySessionStore store = new InMemorySessionStore();

    @AfterEach
    void close() {
        provider.close();
    }

    /** The first below it ends, the second hangs in the middle. */
    private Component component(Kind kind) {
        provider.answerBy(request -> request.bodyText().contains("You are quick.")
                ? Script.text("A short answer.")
                : Script.text("Half a story").hangAfter(2));
        var first = Teams.member("quick", Api.CHAT.at(provider));
        var second = Teams.member("slow", Api.CHAT.at(provider));
        return switch (kind) {
            case TEAM ->
                Teams.of(
                                "Team",
                                ScriptedModel.of(
                                        Teams.delegates("quick"), Teams.delegates("slow"), Script.text("Never.")),
                                first,
                                second)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build();
            case WORKFLOW -> workflow(Step.of("first", first), Step.of("second", second));
            case PARALLEL ->
                workflow(
                        Step.of("before", _ -> StepOutput.of("before")),
                        Parallel.of("both", Step.of("first", first), Step.of("second", second)));
        };
    }

    private Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(steps)
                .steps(Step.of("later", _ -> StepOutput.of("later")))
                .build();
    }

    private static List<RunEvent> readUntil(RunStream stream, Predicate<RunEvent> last) {
        var seen = new ArrayList<RunEvent>();
        for (var event : stream) {
            seen.add(event);
            if (last.test(event)) {
                break;
            }
        }
        return seen;
    }

    /** Every run of the tree has ended, in memory and in the store, and both say the same. */
    private void theStoreIsTrue(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Runs.shared().live()).noneMatch(live -> live.rootRunId().equals(output.runId()));
        rowsAreTrue(output);
        Waiting.until("no server is kept waiting", () -> !isAnyHanging());
    }

    private boolean isAnyHanging() {
        return provider.exchanges().stream().anyMatch(Exchange::isHanging);
    }

    private void rowsAreTrue(RunOutput output) {
        var row = store.run(output.runId()).orElseThrow();
        assertThat(row.status()).isEqualTo(output.status());
        assertThat(row.text()).isEqualTo(output.text());
        assertThat(row.cause()).isEqualTo(output.cause());
        assertThat(row.endedAt()).isNotNull();
        RunInvariants.assertCanGoOn(row.messages());
        output.memberResponses().forEach(this::rowsAreTrue);
    }

    /** The text of a run, as it was read. */
    private static String read(List<RunEvent> events, String runId) {
        var text = new StringBuilder();
        for (var event : events) {
            if (event instanceof RunContent content && content.runId().equals(runId)) {
                text.append(content.content());
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource
    void leavingAtTheFirstTerminalEventStopsWhatGoesOn(Kind kind) {
        RunStream left;
        List<RunEvent> seen;
        try (var stream = component(kind).stream("Go")) {
            left = stream;
            seen = readUntil(stream, event -> event instanceof Terminal);
        }

        var output = left.output();
        theStoreIsTrue(output);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DISCONNECT);
        var first = output.memberResponses().getFirst();
        assertThat(first.isCompleted()).isTrue();
        assertThat(first.text()).isEqualTo("A short answer.").isEqualTo(read(seen, first.runId()));
    }

    @ParameterizedTest
    @EnumSource
    void leavingInTheMiddleStopsWhatGoesOn(Kind kind) {
        RunStream left;
        List<RunEvent> seen;
        try (var stream = component(kind).stream("Go")) {
            left = stream;
            seen = readUntil(
                    stream,
                    event -> event instanceof RunContent content
                            && content.content().equals(" a"));
        }

        var output = left.output();
        theStoreIsTrue(output);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DISCONNECT);
        var second = output.memberResponses().stream()
                .filter(below -> below.componentId().equals("slow"))
                .findFirst()
                .orElseThrow();
        assertThat(second.text()).isEqualTo("Half a").isEqualTo(read(seen, second.runId()));
    }

    /** As three of the programs that people know do: they cancel, and leave at the member's cancelled event. */
    @ParameterizedTest
    @EnumSource
    void leavingAtTheFirstTerminalEventAfterACancelChangesNothingAboutIt(Kind kind) {
        RunStream left;
        try (var stream = component(kind).stream("Go")) {
            left = stream;
            var cancelled = new boolean[1];
            readUntil(stream, event -> {
                if (event instanceof RunContent content && content.content().equals(" a")) {
                    stream.cancel(CancelRequest.now().reason("enough"));
                    cancelled[0] = true;
                }
                return cancelled[0] && event instanceof Terminal;
            });
        }

        var output = left.output();
        theStoreIsTrue(output);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.USER);
        assertThat(output.requests().getFirst().reason()).isEqualTo("enough");
        assertThat(output.stored()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatIsToGoOnWithoutItsConsumerDoes(Kind kind) {
        String runId;
        try (var stream = component(kind).stream("Go", RunOptions.defaults().onDisconnect(DisconnectPolicy.CONTINUE))) {
            runId = stream.runId();
            readUntil(stream, event -> event instanceof Terminal);
        }
        var handle = Runs.shared().handle(runId).orElseThrow();
        Waiting.until("the second is asked", this::isAnyHanging);

        assertThat(handle.status()).isEqualTo(RunStatus.RUNNING);
        handle.cancel();
        Waiting.until("the end", () -> handle.output().status().isTerminal());
        theStoreIsTrue(handle.output());
    }
}
