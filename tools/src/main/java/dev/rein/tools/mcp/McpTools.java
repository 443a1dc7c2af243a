package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.internal.process.ChildEnvironment;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools of a server that implements the Model Context Protocol. A stop ends the call at once and sends {@code
 * notifications/cancelled} to the server, so that it can stop working too; whether it does depends on the server.
 *
 * {@snippet :
 * try (var files = McpTools.stdio("npx", "-y", "@modelcontextprotocol/server-filesystem", "/data").connect()) {
 *     var agent = Agent.builder().model(model).tools(files.tools()).build();
 *     agent.run("What is in there?");
 * }
 * }
 *
 * <p>One connection serves any number of concurrent runs. Close it when the last one has ended; this also ends a server that was started
 * by {@link #stdio}, with all processes that it has started. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-06-18/basic/utilities/cancellation">Cancellation in the
 *     protocol</a>
 */
public final class McpTools implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(McpTools.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern INVALID_IN_NAMES = Pattern.compile("[^A-Za-z0-9_-]");
    private static final int MAX_NAME = 64;
    private static final Duration NEVER = Duration.ofDays(1);

    private final String target;
    private final McpConnection connection;
    private final McpAsyncClient client;
    private final List<ToolSpec> tools;

    private McpTools(Builder builder) throws IOException {
        target = builder.target;
        connection = builder.transport.get();
        client = McpClient.async(connection)
                .clientInfo(McpSchema.Implementation.builder("rein", "0.1").build())
                // Calls have the timeouts of their tools. After these timeouts the server would not be notified.
                .initializationTimeout(NEVER)
                .requestTimeout(NEVER)
                .build();
        try {
            await(client.initialize().toFuture(), builder.connectTimeout);
            tools = specs(
                    builder,
                    await(client.listTools().toFuture(), builder.connectTimeout).tools());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A server program, which is started and communicates through its standard input and output. */
    public static Builder stdio(String program, String... arguments) {
        return new Builder(
                program,
                builder -> McpConnection.stdio(
                        program, List.of(arguments), builder.environment.values(), builder.directory));
    }

    /** A server at a URL, reached through the protocol's streamable HTTP transport. */
    public static Builder http(String url) {
        var uri = URI.create(url);
        if (uri.getHost() == null || uri.getScheme() == null) {
            throw new IllegalArgumentException("url is " + url + ": use a URL such as https://example.org/mcp");
        }
        return new Builder(url, builder -> McpConnection.http(uri, builder.headers));
    }

    /** The included tools that the server offered when the connection was opened. */
    public List<ToolSpec> tools() {
        return tools;
    }

    /** Closes the connection, and ends a server that was started by {@link #stdio}, for which it waits a few seconds at most. */
    @Override
    public void close() {
        try {
            client.closeGracefully().toFuture().get(connection.closeTimeoutMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("An MCP server did not close gracefully", e);
        } finally {
            connection.killServer();
        }
    }

    private List<ToolSpec> specs(Builder builder, List<McpSchema.Tool> offered) {
        var specs = new ArrayList<ToolSpec>();
        var names = new HashSet<String>();
        for (var tool : offered) {
            if (builder.included.test(tool.name())) {
                var spec = spec(tool, builder).withTimeout(builder.timeout);
                if (!names.add(spec.name())) {
                    throw new IllegalStateException("two tools of MCP server " + target + " have the same name \""
                            + spec.name() + "\": include only one of them");
                }
                specs.add(spec);
            }
        }
        return List.copyOf(specs);
    }

    private ToolSpec spec(McpSchema.Tool tool, Builder builder) {
        var name = INVALID_IN_NAMES.matcher(builder.prefix + tool.name()).replaceAll("_");
        ObjectNode schema = JSON.valueToTree(Objects.requireNonNullElse(tool.inputSchema(), Map.of()));
        schema.put("type", "object");
        schema.withObject("/properties");
        var description = tool.description() != null ? tool.description() : tool.title();
        return ToolSpec.of(
                name.substring(0, Math.min(name.length(), MAX_NAME)),
                description == null ? tool.name() : description,
                schema,
                (arguments, context) -> new McpCall(
                                connection, client, tool.name(), JSON.convertValue(arguments, McpCall.ARGUMENTS))
                        .execute(context.cancellation()));
    }

    private <T> T await(CompletableFuture<T> future, Duration timeout) throws IOException {
        var failure = connection.failure().whenComplete((nothing, e) -> future.completeExceptionally(e));
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to MCP server " + target, e);
        } catch (ExecutionException e) {
            throw new IOException("cannot connect to MCP server " + target + ": " + root(e), e);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new IOException("MCP server " + target + " did not respond within " + timeout.toMillis() + " ms", e);
        } finally {
            failure.cancel(false);
        }
    }

    /** The cause that the SDK has wrapped in exceptions with generic messages. */
    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Opens a connection with the settings of a builder. */
    private interface Transport {
        McpConnection open(Builder builder);
    }

    /** Connects to a server. Not thread-safe. */
    public static final class Builder {
        private final String target;
        private final Supplier<McpConnection> transport;
        private String prefix = "";
        private Predicate<String> included = name -> true;
        private Duration timeout = Duration.ofMinutes(2);
        private Duration connectTimeout = Duration.ofSeconds(30);
        private final ChildEnvironment environment = new ChildEnvironment();
        private Map<String, String> headers = Map.of();
        private @Nullable Path directory;

        private Builder(String target, Transport transport) {
            this.target = target;
            this.transport = () -> transport.open(this);
        }

        /** A prefix for the names of all tools, which distinguishes those of several servers. Default: none. */
        public Builder prefix(String value) {
            prefix = value;
            return this;
        }

        /** Selects tools by the names that the server uses. Default: all. */
        public Builder include(Predicate<String> names) {
            included = names;
            return this;
        }

        /** The timeout of a call. Default: 2 minutes. */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /** The timeout for each response of the server while the connection is opened. Default: 30 s. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        /**
         * Environment variables of a server program, in addition to the few of this JVM that every program needs, such as {@code PATH}, {@code
         * HOME} and the language. The JVM's other variables, which may contain keys, are not passed on.
         */
        public Builder environment(Map<String, String> values) {
            environment.set(values);
            return this;
        }

        /** Names of environment variables of this JVM that a server program gets too, if they are set. Default: none. */
        public Builder inheritEnvironment(String... names) {
            environment.inherit(names);
            return this;
        }

        /** The working directory of a server program. Default: that of the JVM. */
        public Builder directory(Path value) {
            directory = value;
            return this;
        }

        /** Headers for a server at a URL, such as {@code Authorization}. */
        public Builder headers(Map<String, String> values) {
            headers = Map.copyOf(values);
            return this;
        }

        /** @throws IOException if the server cannot be started or does not respond; no process or connection is left behind then */
        public McpTools connect() throws IOException {
            return new McpTools(this);
        }
    }
}
