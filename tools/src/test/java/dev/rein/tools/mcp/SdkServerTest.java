package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.ToolRun;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The client works with a server built with the protocol's own Java SDK, in a process of its own. */
class SdkServerTest {

    static final class Server {
        private Server() {}

        public static void main(String... arguments) {
            Map<String, Object> schema = Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("a", Map.of("type", "integer"), "b", Map.of("type", "integer")),
                    "required",
                    List.of("a", "b"));
            var add =
                    Tool.builder("add", schema).description("Adds two numbers").build();
            var fails = Tool.builder("fail", Map.of("type", "object"))
                    .description("Fails")
                    .build();
            var _ = McpServer.sync(new StdioServerTransportProvider(new JacksonMcpJsonMapper(new ObjectMapper())))
                    .serverInfo("calculator", "1.0")
                    .capabilities(ServerCapabilities.builder().tools(true).build())
                    .toolCall(add, (_, request) -> {
                        var a = (Number) request.arguments().get("a");
                        var b = (Number) request.arguments().get("b");
                        return CallToolResult.builder()
                                .addTextContent("" + (a.intValue() + b.intValue()))
                                .isError(false)
                                .build();
                    })
                    .toolCall(
                            fails,
                            (_, _) -> CallToolResult.builder()
                                    .addTextContent("out of order")
                                    .isError(true)
                                    .build())
                    .build();
        }
    }

    @Test
    void toolsAreListedAndCalled() throws Exception {
        var program = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (var server = McpTools.stdio(
                        program, "-cp", System.getProperty("java.class.path"), "-Xshare:auto", Server.class.getName())
                .connect()) {
            assertThat(server.tools()).extracting(ToolSpec::name).containsExactlyInAnyOrder("add", "fail");
            var tools = server.tools().toArray();
            assertThat(ToolRun.resultWith("add", "{'a':40,'b':'2'}", tools)).isEqualTo("42");
            assertThat(ToolRun.errorWith("fail", "{}", tools)).contains("out of order");
        }
    }
}
