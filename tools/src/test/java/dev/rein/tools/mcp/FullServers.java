package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The two ways to reach a {@link FullMcpServer}. */
enum FullServers {
    STDIO,
    HTTP;

    /** A server that runs. */
    interface Server extends AutoCloseable {
        McpTools.Builder client();

        /** The messages of a method that it has received. */
        List<JsonNode> received(String method) throws IOException;

        @Override
        void close() throws IOException;
    }

    Server start(Path directory) throws IOException {
        return this == HTTP ? http() : stdio(directory.resolve("messages"));
    }

    private static Server http() throws IOException {
        var server = new FullMcpHttpServer();
        return new Server() {
            @Override
            public McpTools.Builder client() {
                return McpTools.http(server.url());
            }

            @Override
            public List<JsonNode> received(String method) {
                return of(method, server.messages());
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    private static Server stdio(Path record) {
        return new Server() {
            @Override
            public McpTools.Builder client() {
                return McpTools.stdio(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        FullMcpServer.class.getName(),
                        record.toString());
            }

            @Override
            public List<JsonNode> received(String method) throws IOException {
                var messages = new ArrayList<JsonNode>();
                for (var line : Files.readAllLines(record)) {
                    messages.add(FullMcpServer.JSON.readTree(line));
                }
                return of(method, messages);
            }

            @Override
            public void close() {}
        };
    }

    private static List<JsonNode> of(String method, List<JsonNode> messages) {
        return messages.stream()
                .filter(each -> each.path("method").asText().equals(method))
                .toList();
    }
}
