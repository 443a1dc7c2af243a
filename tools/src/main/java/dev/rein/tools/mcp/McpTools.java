package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Model;
import dev.rein.run.RunContext;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.internal.oauth.Authorization;
import dev.rein.tools.internal.process.ChildEnvironment;
import dev.rein.tools.mcp.oauth.McpOAuth;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools, resources and prompts of a server that implements the Model Context Protocol. A stop ends the call at once and sends {@code
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

    private final Builder settings;
    private final @Nullable Authorization authorization;
    private final McpConnection connection;
    private final ServerContent content;
    private volatile Known known = new Known(List.of(), List.of());

    /**
     * The last list of tools.
     *
     * @param offered by the server
     */
    private record Known(List<JsonNode> offered, List<ToolSpec> tools) {}

    private McpTools(Builder builder) throws IOException {
        settings = new Builder(builder);
        authorization = settings.authorization();
        connection = new McpConnection(
                settings.target,
                settings.opener(authorization),
                settings.requests().capabilities(),
                settings.connectTimeout,
                () -> authorization != null && authorization.isWorking());
        content = new ServerContent(connection, this::request);
        var connected = false;
        try {
            refresh();
            connected = true;
        } finally {
            if (!connected) {
                close();
            }
        }
    }

    /** A server program, which is started and communicates through its standard input and output. */
    public static Builder stdio(String program, String... arguments) {
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return new Builder(program, List.copyOf(command), null);
    }

    /** A server at a URL, reached through the protocol's streamable HTTP transport. */
    public static Builder http(String url) {
        var uri = URI.create(url);
        if (uri.getHost() == null || uri.getScheme() == null) {
            throw new IllegalArgumentException("url is " + url + ": use a URL such as https://example.org/mcp");
        }
        return new Builder(url, List.of(), uri);
    }

    /**
     * The included tools that the server offers now. They are asked for again if the server has said that they have changed, or had to be
     * started again; this waits for the server, for a few times {@link Builder#connectTimeout} at most. If it does not respond, this is
     * logged and the tools are those that it offered last.
     */
    public List<ToolSpec> tools() {
        try {
            refresh();
        } catch (IOException e) {
            log.warn(
                    "The tools of MCP server {} are those that it offered before: {}", settings.target, e.getMessage());
        }
        return known.tools();
    }

    // The connection returns the same list until the server says that it has changed.
    @SuppressWarnings("ReferenceEquality")
    private void refresh() throws IOException {
        var offered = connection.tools();
        if (offered != known.offered()) {
            known = new Known(offered, specs(offered));
        }
    }

    /** Closes the connection, and ends a server that was started by {@link #stdio}, for which it waits a few seconds at most. */
    @Override
    public void close() {
        connection.close();
        if (authorization != null) {
            authorization.close();
        }
    }

    /**
     * The resources that the server offers now; none if it has no resources. The server is asked each time. This and the methods below wait for
     * each response of the server for {@link Builder#timeout} at most; a stop of the run that the calling thread works for ends the wait.
     *
     * @throws IOException if the server does not respond, refuses the request, or offers more than 10,000 resources
     */
    public List<McpResource> resources() throws IOException {
        return content.resources();
    }

    /** The forms of the addresses of further resources; none if the server has no resources. @throws IOException as {@link #resources} */
    public List<McpResource.Template> resourceTemplates() throws IOException {
        return content.templates();
    }

    /**
     * Reads a resource.
     *
     * @param uri its address
     * @return its parts; at most 16 MiB in all
     * @throws IOException if the server does not respond, or refuses the request
     */
    public List<McpResource.Content> readResource(String uri) throws IOException {
        return content.read(uri);
    }

    /** The prompts that the server offers now; none if it has no prompts. @throws IOException as {@link #resources} */
    public List<McpPrompt> prompts() throws IOException {
        return content.prompts();
    }

    /**
     * Gets a prompt.
     *
     * @param name its name
     * @param arguments by name; see {@link McpPrompt#arguments}
     * @throws IOException if the server does not respond, or refuses the request
     */
    public McpPrompt.Filled prompt(String name, Map<String, String> arguments) throws IOException {
        return content.prompt(name, arguments);
    }

    private JsonNode request(String method, JsonNode params) throws IOException, McpToolException {
        var context = RunContext.current();
        return connection.request(
                method,
                (ObjectNode) params,
                context == null ? Map.of() : settings.headersPerRun.apply(context),
                new ResponseWait.Plain(context == null ? null : context.cancellation(), settings.timeout));
    }

    private List<ToolSpec> specs(List<JsonNode> offered) throws IOException {
        var offers = new OfferedTools(settings.target, settings.prefix, settings.included);
        var specs = new ArrayList<>(offers.specs(offered, this::call));
        var capabilities = connection.capabilities();
        Function<String, String> names = name -> offers.name(
                name, taken -> specs.stream().anyMatch(spec -> spec.name().equals(taken)));
        if (settings.resourcesAsTools && ServerList.RESOURCES.isOffered(capabilities)) {
            specs.addAll(content.resourceTools(names));
        }
        if (settings.promptsAsTools && ServerList.PROMPTS.isOffered(capabilities)) {
            specs.addAll(content.promptTools(names));
        }
        return specs.stream().map(tool -> tool.withTimeout(settings.timeout)).toList();
    }

    private Object call(String name, ObjectNode arguments, RunContext context) throws Exception {
        var params = JsonRpc.JSON.createObjectNode().put("name", name);
        params.set("arguments", arguments);
        var headers = settings.headersPerRun.apply(context);
        var call = new RunningCall(name, context, headers, settings.requests(), settings.idleTimeout);
        return McpResults.text(connection.request("tools/call", params, headers, call));
    }

    /** Connects to a server. Not thread-safe. */
    public static final class Builder {
        private final String target;
        private final List<String> command;
        private final @Nullable URI uri;
        private final ChildEnvironment environment;
        private String prefix = "";
        private Predicate<String> included = name -> true;
        private Duration timeout = Duration.ofMinutes(2);
        private Duration connectTimeout = Duration.ofSeconds(30);
        private Map<String, String> headers = Map.of();
        private Function<RunContext, Map<String, String>> headersPerRun = context -> Map.of();
        private @Nullable Path directory;
        private @Nullable Duration idleTimeout;
        private boolean resourcesAsTools;
        private boolean promptsAsTools;
        private @Nullable McpOAuth oauth;
        private boolean elicitation;
        private @Nullable Sampling sampling;

        private Builder(String target, List<String> command, @Nullable URI uri) {
            this.target = target;
            this.command = command;
            this.uri = uri;
            this.environment = new ChildEnvironment();
        }

        private Builder(Builder other) {
            target = other.target;
            command = other.command;
            uri = other.uri;
            environment = other.environment.copy();
            prefix = other.prefix;
            included = other.included;
            timeout = other.timeout;
            connectTimeout = other.connectTimeout;
            headers = other.headers;
            headersPerRun = other.headersPerRun;
            directory = other.directory;
            idleTimeout = other.idleTimeout;
            resourcesAsTools = other.resourcesAsTools;
            promptsAsTools = other.promptsAsTools;
            elicitation = other.elicitation;
            oauth = other.oauth;
            sampling = other.sampling;
        }

        private @Nullable Authorization authorization() {
            return oauth == null || uri == null ? null : new Authorization(oauth, uri);
        }

        private McpConnection.Opener opener(@Nullable Authorization authorization) {
            var url = uri;
            return url != null
                    ? listChanged -> new HttpSession(url, headers, authorization, listChanged, requests())
                    : listChanged -> StdioSession.start(process(), environment.secrets(), listChanged, requests());
        }

        private ServerRequests requests() {
            return new ServerRequests(elicitation, sampling);
        }

        private ProcessBuilder process() {
            var builder = new ProcessBuilder(command);
            builder.environment().clear();
            builder.environment().putAll(environment.values());
            if (directory != null) {
                builder.directory(directory.toFile());
            }
            return builder;
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

        /** Gives the model the tools {@code list_resources} and {@code read_resource} if the server has resources. Default: false. */
        public Builder resourcesAsTools(boolean value) {
            resourcesAsTools = value;
            return this;
        }

        /** Gives the model the tools {@code list_prompts} and {@code get_prompt} if the server has prompts. Default: false. */
        public Builder promptsAsTools(boolean value) {
            promptsAsTools = value;
            return this;
        }

        /**
         * Lets the server ask people during a call: the run is PAUSED with a requirement that has the server's message and the schema of the
         * values, and goes on with the decision. The server reads {@code decline} for a rejection, and {@code cancel} if the run was
         * stopped. Only forms are supported. Default: false, and the server is told so.
         */
        public Builder elicitation(boolean value) {
            elicitation = value;
            return this;
        }

        /** Lets the server use a model during a call, with 2,048 tokens of a response and 10 responses of a call at most. Default: no model. */
        public Builder sampling(Model model) {
            return sampling(model, 2_048, 10);
        }

        /**
         * Lets the server use a model during a call. A response is a child run of the run that makes the call: it is stopped with it,
         * and its tokens count in the limits of that run. The server chooses the messages, but not the model, and it gets no tools.
         *
         * @param maxTokens the maximum number of tokens of a response; at least 1
         * @param maxPerCall the maximum number of responses during a call of a tool; at least 1
         */
        public Builder sampling(Model model, int maxTokens, int maxPerCall) {
            sampling = new Sampling(model, maxTokens, maxPerCall);
            return this;
        }

        /**
         * How long the server may neither respond to a call of a tool nor report progress; the call fails then, and the server is
         * notified. {@link #timeout} holds too. Default: no limit of its own.
         */
        public Builder idleTimeout(Duration value) {
            if (!value.isPositive()) {
                throw new IllegalArgumentException("idleTimeout is " + value + ": give a positive duration");
            }
            idleTimeout = value;
            return this;
        }

        /** The timeout of a call, which is also that of a response to other requests. Default: 2 minutes. */
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

        /**
         * Headers of the calls that a run makes, in addition to {@link #headers} and replacing those of the same name: for example the
         * token of the run's user. The function is called for each call, on the thread of the call. The session itself is opened with
         * {@link #headers}, and is shared by all runs.
         */
        public Builder headersPerRun(Function<RunContext, Map<String, String>> function) {
            headersPerRun = Objects.requireNonNull(function, "headersPerRun is null: give a function");
            return this;
        }

        /**
         * How the connection gets tokens from the server's authorization server, when the server demands one. Calls wait for the token within
         * their {@link #timeout}; {@link #connect} waits for a person as long as {@link McpOAuth#patience}. All runs use the same token. A
         * call for which {@link #headersPerRun} gives {@code Authorization} has its own. Default: none.
         *
         * @throws IllegalArgumentException if the server is no URL, or one without encryption on another machine
         */
        public Builder oauth(McpOAuth value) {
            if (uri == null) {
                throw new IllegalArgumentException("the server is the program " + target
                        + ": OAuth is for servers at a URL; give a program its keys with environment(..)");
            }
            var _ = new Authorization(value, uri);
            oauth = value;
            return this;
        }

        /** @throws IOException if the server cannot be started or does not respond; no process or connection is left behind then */
        public McpTools connect() throws IOException {
            return new McpTools(this);
        }
    }
}
