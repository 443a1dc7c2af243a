package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Role;
import dev.rein.run.RunStatus;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Resources and prompts of a server, in code and as tools of a model. */
class ResourcesAndPromptsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void theyAreListedAndRead(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().connect()) {
            assertThat(mcp.resources())
                    .containsExactly(
                            new McpResource("notes://a", "Note 1", "the first", "text/plain", 6L),
                            new McpResource("notes://big", "big", null, null, null));
            assertThat(mcp.resources().getFirst().name())
                    .as("the server is asked each time")
                    .isEqualTo("Note 2");
            assertThat(mcp.resourceTemplates())
                    .containsExactly(new McpResource.Template("notes://{folder}/{+path}", "note", null, "text/plain"));

            var parts = mcp.readResource("notes://a");
            assertThat(parts).hasSize(2);
            assertThat(parts.getFirst().text()).isEqualTo("int x;");
            assertThat(parts.getLast().text()).isNull();
            assertThat(parts.getLast().bytes()).containsExactly(1, 2, 3);

            assertThat(mcp.prompts()).singleElement().satisfies(prompt -> {
                assertThat(prompt.name()).isEqualTo("review");
                assertThat(prompt.arguments())
                        .containsExactly(
                                new McpPrompt.Argument("language", null, true),
                                new McpPrompt.Argument("tone", "how to say it", false));
            });
            var filled = mcp.prompt("review", Map.of("language", "Java"));
            assertThat(filled.messages().getFirst().content()).isEqualTo("Review this Java.");
            assertThat(filled.messages().get(2).role()).isEqualTo(Role.ASSISTANT);
            assertThat(filled.input().text())
                    .isEqualTo("User: Review this Java.\n\nAssistant: Gladly.\n\nUser: int x;");
            assertThat(filled.input().images()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusalsAndTooLargeContentsAreErrors(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().connect()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> mcp.readResource("notes://gone"))
                    .withMessageContaining("refused resources/read")
                    .withMessageContaining("no resource notes://gone");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> mcp.readResource("notes://huge"))
                    .withMessageContaining("more than 16777216 bytes");
            assertThat(mcp.readResource("notes://a")).as("it is usable again").hasSize(2);
        }
    }

    @Test
    void aServerThatDoesNotRespondIsLeftAfterTheTimeout() throws Exception {
        try (var server = FullServers.HTTP.start(directory);
                var mcp = server.client().timeout(Duration.ofMillis(200)).connect()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> mcp.readResource("notes://never"))
                    .withMessageContaining("did not respond within 200 ms");
            await().untilAsserted(() ->
                    assertThat(server.received("notifications/cancelled")).hasSize(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aModelReadsThemWithToolsIfChosen(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client()
                        .include(name -> name.equals("read_resource"))
                        .resourcesAsTools(true)
                        .promptsAsTools(true)
                        .connect()) {
            var tools = mcp.tools();
            assertThat(tools)
                    .extracting(ToolSpec::name)
                    .containsExactly(
                            "read_resource", "list_resources", "read_resource_2", "list_prompts", "get_prompt");
            assertThat(ToolRun.resultWith("list_resources", "{}", tools))
                    .contains("\"uri\":\"notes://a\"", "\"description\":\"the first\"", "notes://{folder}/{+path}");
            assertThat(ToolRun.resultWith("read_resource_2", "{'uri':'notes://a'}", tools))
                    .isEqualTo("int x;\n[resource notes://a.png of type image/png, not shown]");
            assertThat(ToolRun.errorWith("read_resource_2", "{'uri':'notes://gone'}", tools))
                    .contains("no resource notes://gone");
            assertThat(ToolRun.resultWith("list_prompts", "{}", tools)).contains("\"required\":true", "how to say it");
            assertThat(ToolRun.resultWith("get_prompt", "{'name':'review','arguments':{'language':'Go'}}", tools))
                    .contains("Review this Go.", "[1 image, not shown]");
            assertThat(ToolRun.resultWith("read_resource", "{}", tools)).isEqualTo("the server's own read_resource");

            var model = ScriptedModel.create()
                    .toolCall("read_resource_2", "{\"uri\":\"notes://big\"}")
                    .answer("done");
            var cut =
                    Agent.builder().model(model).tools(tools.toArray()).build().run("go");
            assertThat(Objects.requireNonNull(cut.tools().getFirst().result()).length())
                    .isLessThan(70_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStopEndsTheReadAndNotifiesTheServer(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().resourcesAsTools(true).connect()) {
            var run = ToolRun.startWith("read_resource_2", "{'uri':'notes://never'}", mcp.tools());
            await().untilAsserted(
                            () -> assertThat(server.received("resources/read")).hasSize(1));

            run.stop();

            await().untilAsserted(() ->
                    assertThat(server.received("notifications/cancelled")).hasSize(1));
        }
    }

    @Test
    void aStopEndsAReadOfCodeInATool() throws Exception {
        try (var server = FullServers.HTTP.start(directory);
                var mcp = server.client().connect()) {
            var tool = ToolSpec.of(
                    "go",
                    "Reads",
                    FullMcpServer.JSON.readTree("{\"type\":\"object\"}"),
                    (_, _) -> mcp.readResource("notes://never").toString());
            var run = Agent.builder()
                    .model(ScriptedModel.create().toolCall("go", "{}").answer("done"))
                    .tools(tool)
                    .build()
                    .start("go");
            await().untilAsserted(
                            () -> assertThat(server.received("resources/read")).hasSize(1));
            run.cancel(CancelRequest.now());
            assertThat(run.await().status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(run.output().abandoned()).isEmpty();
            await().untilAsserted(() ->
                    assertThat(server.received("notifications/cancelled")).hasSize(1));
        }
    }

    @Test
    void templatesAreFilledIn() {
        var template = new McpResource.Template("notes://{folder}/{+path}", "note", null, null);
        assertThat(template.uri(Map.of("folder", "a b/c", "path", "d/e ü")))
                .isEqualTo("notes://a%20b%2Fc/d/e%20%C3%BC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> template.uri(Map.of("folder", "a")))
                .withMessageContaining("variable path");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new McpResource.Template("a{?query*}", "a", null, null).uri(Map.of()))
                .withMessageContaining("{?query*}");
    }
}
