package dev.rein.tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.tool.ToolSpec;
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
 * The tools of a server that speaks the Model Context Protocol. A stop releases the call at once and tells the server by
 * {@code notifications/cancelled}, so that it can stop working too; whether it does is its own affair.
 *
 * {@snippet :
 * try (var files = McpTools.stdio("npx", "-y", "@modelcontextprotocol/server-filesystem", "/data").connect()) {
 *     var agent = Agent.builder().model(model).tools(files.tools()).build();
 *     agent.run("What is in there?");
 * }
 * }
 *
 * <p>One connection serves any number of runs at once. Close it when the last one has ended: a server that was started
 * here is ended then, with every process it started. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-06-18/basic/utilities/cancellation">Cancellation in the
 *     protocol</a>
 */
public final class McpTools implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(McpTools.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9_-]");
    private static final int LONGEST_NAME = 64;
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
                // Calls have the time-out of their tool; these would release them without a word to the server.
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

    /** A server that is a program: it is started, and spoken to over its input and output. */
    public static Builder stdio(String program, String... arguments) {
        return new Builder(
                program,
                builder -> McpConnection.stdio(program, List.of(arguments), builder.environment, builder.directory));
    }

    /** A server at a URL, spoken to by the protocol's streamable HTTP. */
    public static Builder http(String url) {
        var uri = URI.create(url);
        if (uri.getHost() == null || uri.getScheme() == null) {
            throw new IllegalArgumentException("url is " + url + ": give one such as https://example.org/mcp");
        }
        return new Builder(url, builder -> McpConnection.http(uri, builder.headers));
    }

    /** What the server offered when it was connected to, as far as included. */
    public List<ToolSpec> tools() {
        return tools;
    }

    /** Ends the connection, and a server that was started here; waits for its end, some seconds at most. */
    @Override
    public void close() {
        try {
            client.closeGracefully().toFuture().get(connection.closeTimeoutMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("an MCP server did not close in order", e);
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
                    throw new IllegalStateException("two tools of MCP server " + target + " are named \"" + spec.name()
                            + "\" here: include only one of them");
                }
                specs.add(spec);
            }
        }
        return List.copyOf(specs);
    }

    private ToolSpec spec(McpSchema.Tool tool, Builder builder) {
        var name = NOT_IN_NAMES.matcher(builder.prefix + tool.name()).replaceAll("_");
        ObjectNode schema = JSON.valueToTree(Objects.requireNonNullElse(tool.inputSchema(), Map.of()));
        schema.put("type", "object");
        schema.withObject("/properties");
        var description = tool.description() != null ? tool.description() : tool.title();
        return ToolSpec.of(
                name.substring(0, Math.min(name.length(), LONGEST_NAME)),
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
            throw new IOException("MCP server " + target + " could not be connected to: " + root(e), e);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new IOException("MCP server " + target + " did not answer within " + timeout.toMillis() + " ms", e);
        } finally {
            failure.cancel(false);
        }
    }

    /** The SDK wraps what went wrong in sentences of its own. */
    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Makes a connection that makes a builder's settings its own. */
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
        private Map<String, String> environment = Map.of();
        private Map<String, String> headers = Map.of();
        private @Nullable Path directory;

        private Builder(String target, Transport transport) {
            this.target = target;
            this.transport = () -> transport.open(this);
        }

        /** Put before each tool's name, so that those of two servers differ; none unless given. */
        public Builder prefix(String value) {
            prefix = value;
            return this;
        }

        /** Which tools to take, by the server's names for them; all unless given. */
        public Builder include(Predicate<String> names) {
            included = names;
            return this;
        }

        /** How long one call may take; 2 minutes unless given. */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /** How long the server may take to answer when it is connected to; 30 s unless given. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        /** Variables for a server that is started, besides those the SDK passes on, {@code PATH} and {@code HOME} among them. */
        public Builder environment(Map<String, String> values) {
            environment = Map.copyOf(values);
            return this;
        }

        /** Where a server is started; the JVM's working directory unless given. */
        public Builder directory(Path value) {
            directory = value;
            return this;
        }

        /** Headers for a server at a URL, such as {@code Authorization}. */
        public Builder headers(Map<String, String> values) {
            headers = Map.copyOf(values);
            return this;
        }

        /** @throws IOException if the server can't be started or does not answer; nothing is left behind then */
        public McpTools connect() throws IOException {
            return new McpTools(this);
        }
    }
}
