package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.model.ToolCall;
import dev.rein.run.ToolExecution;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Results of tools are bounded and readable: never the name of a class, never megabytes, never half a character. */
class ToolResultLimitTest {
    private static final int LIMIT = 64 * 1024;

    /** No record: it has no text of its own. */
    private static class Opaque {}

    private static ToolSpec tool(@Nullable Object result) {
        return ToolSpec.of(
                "t",
                "x",
                JsonNodeFactory.instance.objectNode().put("type", "object"),
                (arguments, context) -> result instanceof Exception e ? fail(e) : result);
    }

    private static Object fail(Exception e) throws Exception {
        throw e;
    }

    private static ToolExecution call(@Nullable Object result) {
        return Agent.builder()
                .model(TestModel.of(calls("t"), says("done")))
                .tools(tool(result))
                .build()
                .run("go")
                .tools()
                .getFirst();
    }

    private static String text(@Nullable Object result) {
        var execution = call(result);
        assertThat(execution.error()).as(execution.result()).isFalse();
        return String.valueOf(execution.result());
    }

    @Test
    void streamsAndFuturesAreRead() {
        var closed = new AtomicBoolean();
        assertThat(text(Stream.of("a", 1).onClose(() -> closed.set(true)))).isEqualTo("[\"a\",1]");
        assertThat(closed).isTrue();
        assertThat(text(IntStream.range(0, 3))).isEqualTo("[0,1,2]");
        assertThat(text(Map.of("all", Stream.of(1, 2)))).isEqualTo("{\"all\":[1,2]}");
        assertThat(text(new ByteArrayInputStream("gr\u00fc\u00df".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("gr\u00fc\u00df");
        assertThat(text(CompletableFuture.completedFuture("later"))).isEqualTo("later");
        assertThat(text(CompletableFuture.supplyAsync(() -> List.of(1)))).isEqualTo("[1]");
        assertThat(call(CompletableFuture.failedFuture(new IOException("disk is full")))
                        .result())
                .isEqualTo("Error: IOException: disk is full");
    }

    @Test
    void endlessResultsAreReadUpToTheLimit() {
        assertThat(text(Stream.generate(() -> "x")))
                .hasSizeLessThan(LIMIT + 200)
                .contains("[cut: ");
        assertThat(text(new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                }))
                .hasSizeLessThan(LIMIT + 200)
                .contains("[cut: ");
    }

    @Test
    void whatHasNeitherPropertiesNorTextIsRefused() {
        for (var result :
                List.of(new Opaque(), List.of(new Opaque()), Map.of("a", new Opaque()), new Opaque[] {new Opaque()})) {
            var execution = call(result);
            assertThat(execution.error()).isTrue();
            assertThat(execution.result())
                    .contains("Opaque", "return text, a record")
                    .doesNotContain("Opaque@");
        }
        class Tools {
            @Tool("x")
            public Opaque opaque() {
                return new Opaque();
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolSpec.from(new Tools()))
                .withMessageContaining("Tools.opaque returns a Opaque, which has no properties");
    }

    @Test
    void aLongResultIsCutAfterWholeCharacters() {
        assertThat(text("x".repeat(LIMIT))).hasSize(LIMIT);
        assertThat(text("x".repeat(5 << 20)))
                .startsWith("x".repeat(LIMIT) + "\n[cut: these are the first 65,536 of 5,242,880 characters")
                .hasSizeLessThan(LIMIT + 200);
        var emoji = text("a" + "\ud83d\ude00".repeat(LIMIT));
        assertThat(emoji.codePoints().filter(point -> point >= 0xd800 && point < 0xe000))
                .isEmpty();
        assertThat(emoji.substring(0, emoji.indexOf('\n')).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(LIMIT);
        assertThat(call(new IOException("y".repeat(1 << 20))).result()).hasSizeLessThan(LIMIT + 200);
    }

    @Test
    void agentsAndToolsHaveLimitsOfTheirOwn() {
        var agent = Agent.builder()
                .model(TestModel.of(calls("t"), says("done"), calls("t"), says("done")))
                .toolResultLimit(10);
        assertThat(agent.tools(tool("0123456789abc"))
                        .build()
                        .run("go")
                        .tools()
                        .getFirst()
                        .result())
                .startsWith("0123456789\n[cut: these are the first 10 of 13 characters; ask for less");
        class Tools {
            @Tool(value = "x", resultLimit = 3)
            public String t() {
                return "0123456789abc";
            }
        }
        var other = Agent.builder().model(TestModel.of(calls("t"), says("done")));
        assertThat(other.tools(new Tools()).build().run("go").tools().getFirst().result())
                .startsWith("012\n[cut");
        assertThat(tool("").withResultLimit(5).resultLimit()).isEqualTo(5);
    }

    @Test
    void theRestCanBeRead() {
        var lines = IntStream.rangeClosed(1, 5000).mapToObj(i -> "line " + i).collect(Collectors.joining("\n"));
        var model = TestModel.of(
                calls("t"),
                calls(new ToolCall("c2", "read_result", "{\"id\":\"r1\",\"from\":3000,\"lines\":2}")),
                calls(new ToolCall("c3", "read_result", "{\"id\":\"r1\",\"from\":\"4999\"}")),
                calls(new ToolCall("c4", "read_result", "{\"id\":\"r9\"}")),
                calls(new ToolCall("c5", "read_result", "{\"id\":\"r1\",\"from\":9999}")),
                says("done"));
        var results = Agent.builder()
                .model(model)
                .toolResultLimit(1000)
                .readableResults(true)
                .tools(tool(lines))
                .build()
                .run("go")
                .tools();
        assertThat(results.get(0).result()).contains("; read_result with id \"r1\" and from 124 gives");
        assertThat(results.get(1).result())
                .isEqualTo("line 3000\nline 3001\n\n[lines 3000 to 3001; continue with from 3002]");
        assertThat(results.get(2).result()).isEqualTo("line 4999\nline 5000\n[the end]");
        assertThat(results.get(3).error()).isTrue();
        assertThat(results.get(3).result()).contains("there is no result \"r9\"");
        assertThat(results.get(4).result()).contains("result \"r1\" has 5000 lines");
    }

    @Test
    void aLongLineIsReadInParts() {
        var model = TestModel.of(
                calls("t"),
                calls(new ToolCall("c2", "read_result", "{\"id\":\"r1\",\"from\":2,\"lines\":1}")),
                says("done"));
        var results = Agent.builder()
                .model(model)
                .toolResultLimit(1000)
                .readableResults(true)
                .tools(tool("a".repeat(1000) + "b".repeat(1000) + "c".repeat(1000)))
                .build()
                .run("go")
                .tools();
        assertThat(results.get(0).result()).contains("from 2 gives");
        assertThat(results.get(1).result()).startsWith("b".repeat(1000) + "\n[lines 2 to 2; continue with from 3]");
    }
}
