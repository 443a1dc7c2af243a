package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.counted;
import static dev.rein.agent.TestModel.rateLimited;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelRequest;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_ERR)
class AgentDebugTest {
    private static final String START = "\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\d ";

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(before);
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void assertLines(String id, String... patterns) {
        var lines = lines();
        assertThat(lines).hasSameSizeAs(patterns);
        for (var n = 0; n < patterns.length; n++) {
            assertThat(lines.get(n)).matches(START + id.substring(0, 8) + " " + patterns[n]);
        }
    }

    @Test
    void noTextReachesTheTerminalAsAnInstruction() throws Exception {
        var hostile = "\u001b]52;c;cm0=\u0007\u009b8m\u202e\rx\n09:00:00.000 forged";
        var run = Agent.builder()
                .name("Debugged" + hostile)
                .model(TestModel.of(
                        calls(new ToolCall("c1", "search", "{\"q\":\"" + hostile.replace("\n", " ") + "\"}")),
                        calls(new ToolCall("c2", hostile, "{}")),
                        says("done")))
                .tools(tool("search", context -> {
                    context.emit(hostile, Map.of(hostile, hostile));
                    return hostile;
                }))
                .debug(true)
                .build()
                .start("Go");
        Events.end(run);

        assertThat(lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("(?s)" + START + run.id().substring(0, 8) + " .*"));
        assertThat(printed.toString(StandardCharsets.UTF_8).codePoints().filter(each -> each != '\n' && each != '\r'))
                .noneMatch(each -> Character.isISOControl(each) || Character.getType(each) == Character.FORMAT);
    }

    @Test
    void aTraceTellsWhatHappensOneLineEach() throws Exception {
        var run = Agent.builder()
                .name("Debugged")
                .model(TestModel.of(
                        rateLimited(Duration.ofMillis(1)),
                        counted(Usage.of(10, 5), calls(new ToolCall("c1", "search", "{\"q\":\n\"x\"}"))),
                        says("Hel", "lo ", "you")))
                .tools(tool("search", context -> {
                    context.emit("halfway", Map.of("percent", 50));
                    return "y".repeat(500);
                }))
                .debug(true)
                .build()
                .start("Go");
        Events.end(run);
        assertLines(
                run.id(),
                "RunStarted +debugged, model test-model, run " + run.id(),
                "ModelRequestStarted +test-model",
                "ModelRequestFailed +slow down; next test-model in 1\\.0 ms",
                "ModelRequestStarted +test-model",
                "ModelRequestCompleted +test-model, 10 \\+ 5 tokens",
                "ToolCallStarted +search \\{\"q\": \"x\"}",
                "CustomEvent +halfway \\{percent=50}",
                "ToolCallCompleted +search in [\\d.]+ ms: y{160}\\.\\.\\.",
                "ModelRequestStarted +test-model",
                "content +3 chunks, 9 characters",
                "ModelRequestCompleted +test-model, first after [\\d.]+ ms",
                "RunContentCompleted *",
                "RunCompleted +\\d+ tokens in [\\d.]+ ms");
    }

    @Test
    void aTraceTellsOfAStop() throws Exception {
        var model = TestModel.of(saysAndHangs("a part"));
        var run = Agent.builder().model(model).debug(true).build().start("Go");
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("RunContent")) {
                    run.cancel(CancelRequest.now().reason("enough"));
                }
            }
        }
        Events.end(run);
        assertThat(lines().getLast()).matches(START + ".*RunCancelled +USER, enough, stopped in [\\d.]+ ms");
        assertThat(lines()).anyMatch(line -> line.contains("1 chunks, 6 characters"));
    }

    @Test
    void aTraceTellsOfAFailure() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of((request, call) -> {
                    throw new UnsupportedOperationException("no\nsuch thing");
                }))
                .debug(true)
                .build()
                .start("Go");
        Events.end(run);
        assertThat(lines().getLast()).contains("RunError", "UnsupportedOperationException: no such thing");
    }

    @Test
    void aSubAgentsTraceIsIndented() throws Exception {
        var member = Agent.builder()
                .name("Member")
                .model(TestModel.of(says("x")))
                .debug(true)
                .build();
        var run = Agent.builder()
                .model(TestModel.of(calls("ask"), says("x")))
                .tools(tool("ask", context -> member.run("Ask").text()))
                .debug(true)
                .build()
                .start("Go");
        Events.end(run);
        assertThat(lines()).anyMatch(line -> line.matches(START + "  \\S{8} RunStarted +member, .*"));
        assertThat(lines().getLast()).matches(START + run.id().substring(0, 8) + " RunCompleted.*");
    }

    @Test
    void aValueThatCantBePrintedCostsOnlyItsOwnLine() throws Exception {
        var unprintable = List.of(
                new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("closed");
                    }
                },
                new Object() {
                    @Override
                    public String toString() {
                        throw new NoClassDefFoundError("x/Detail");
                    }
                });
        for (var value : unprintable) {
            printed.reset();
            var run = Agent.builder()
                    .model(TestModel.of(calls("emit"), says("done")))
                    .tools(tool("emit", context -> {
                        context.emit("progress", Map.of("value", value));
                        return "ok";
                    }))
                    .debug(true)
                    .build()
                    .start("Go");
            assertThat(Events.end(run).isCompleted()).isTrue();
            assertThat(lines())
                    .anyMatch(line -> line.matches(START + ".*CustomEvent +\\(its values can't be printed: .*"));
            assertThat(lines().getLast()).contains("RunCompleted");
        }
    }

    @Test
    void anOutputThatBlocksHoldsUpNoRun() throws Exception {
        var reads = new CountDownLatch(1);
        System.setErr(new PrintStream(new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }));
        try {
            var agent = Agent.builder()
                    .model(TestModel.of(says("x"), saysAndHangs("y")))
                    .debug(true)
                    .build();
            assertThat(Events.end(agent.start("Go")).isCompleted()).isTrue();
            var run = agent.start("Go");
            run.cancel();
            assertThat(Events.end(run).abandoned()).isEmpty();
        } finally {
            reads.countDown();
        }
    }

    @Test
    void withoutDebugNothingIsPrinted() {
        Agent.of(TestModel.of(says("x")), "").run("Go");
        assertThat(lines()).isEmpty();
    }
}
