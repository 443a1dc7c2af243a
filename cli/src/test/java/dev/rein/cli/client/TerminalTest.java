package dev.rein.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rein.cli.ReinProcess;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands on a real terminal, with a server and a model each of whose texts attacks that terminal. */
class TerminalTest {
    /** The clipboard, the title, a hidden row, a C1 control, an override of the direction, a forged line. */
    private static final String HOSTILE =
            "\u001b]52;c;cm0gLXJm\u0007\u001b]0;title\u0007\u001b[8m\u001b[1A\u001b[2K\u009b31m\u202e\rHACKED\b\u007f\n$ sudo";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "script"))),
                "script, which makes a terminal, is not installed");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (path.equals("/runs")) {
            send(exchange, 200, json("{'data':[" + live("r1", "null") + "," + live("r2", "\"r1\"") + "]}"));
        } else if (path.endsWith("/runs/r9/resume") || path.equals("/teams") || path.equals("/workflows")) {
            send(exchange, 200, "[]");
        } else if (path.endsWith("/resume") || form.contains("stream=true")) {
            events(exchange, path.contains("broken"));
        } else if (path.equals("/agents")) {
            send(exchange, 500, json("{'detail':'@'}"));
        } else if (path.equals("/runs/cancel")) {
            send(exchange, 200, json("{'results':[{'run_id':'@','status':'@','result':'@','effective':true}]}"));
        } else if (path.contains("html")) {
            send(exchange, 502, "<html>" + HOSTILE);
        } else {
            send(exchange, 200, json("{'run_id':'@','status':'@'}"));
        }
    }

    private static String live(String id, String parent) {
        return "{'run_id':'" + id + "','parent_run_id':" + parent
                + ",'type':'agent','component_id':'@','session_id':'@',"
                + "'user_id':'@','status':'@','activity':'@','activity_seconds':1.5}";
    }

    private static void events(HttpExchange exchange, boolean failing) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (exchange;
                var out = exchange.getResponseBody()) {
            for (var event : List.of(
                    "RunStarted {'agent_name':'@'}",
                    "StepStarted {'step_name':'@'}",
                    "ToolCallStarted {'tool':{'tool_name':'@','tool_args':{'a':'@'}}}",
                    "RunContent {'content':'@','agent_name':'b@'}",
                    "RunContent {'content':'the end @','agent_name':'c@'}",
                    failing ? "RunError {'content':'@'}" : "RunCancelled {'reason':'@'}")) {
                var space = event.indexOf(' ');
                out.write(
                        ("event: " + event.substring(0, space) + "\ndata: " + json(event.substring(space + 1)) + "\n\n")
                                .getBytes(UTF_8));
            }
        }
    }

    /** JSON with single quotes, in which @ stands for the hostile text; characters that JSON need not escape are not. */
    private static String json(String template) throws IOException {
        var text = JSON.writeValueAsString(HOSTILE);
        return template.replace('\'', '"').replace("@", text.substring(1, text.length() - 1));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            var bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("run", "agent", "a", "hi"),
                List.of("run", "agent", "a", "hi", "--json"),
                List.of("run", "agent", "broken", "hi"),
                List.of("run", "agent", "a", "hi", "--background"),
                List.of("run", "agent", "a", "hi", "--background", "--json"),
                List.of("run", "agent", "html", "hi", "--background"),
                List.of("run", HOSTILE.replace("\r", ""), "html", "hi"),
                List.of("ps"),
                List.of("ps", "--json"),
                List.of("tail", "r1"),
                List.of("tail", "r1", "--json"),
                List.of("tail", "r9"),
                List.of("cancel", "--all"),
                List.of("cancel", "--all", "--json"),
                List.of("cancel", "r1"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noTextOfTheServerReachesTheTerminalAsAnInstruction(List<String> command) throws Exception {
        var url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (var rein = ReinProcess.reinOnTerminal(scratch, Map.of("REIN_URL", url), command.toArray(String[]::new))) {
            requireSafe(rein.await().out());
        }
    }

    @Test
    void noTextOfTheModelDoesSoInTheDemo() throws Exception {
        try (var provider = FakeProvider.start().byDefault(Script.text(HOSTILE));
                var rein = ReinProcess.reinOnTerminal(
                        scratch, Map.of(), "demo", "agent", "--no-cancel", "--base-url", provider.baseUrl())) {
            requireSafe(rein.await().out());
        }
    }

    private static void requireSafe(String out) {
        assertThat(out).contains("title");
        // What remains after the styles of the command itself, none of which hides anything, and its changes of its own
        // last rows.
        var rest = out.replaceAll("\u001b\\[([0-4]|2[12]|3[0-9])?(;([0-4]|3[0-9]))*m", "")
                .replaceAll("\r(\u001b\\[[0-9]+A)?\u001b\\[J|\u001b\\[\\?7[lh]", "")
                .replace("\r\n", "\n");
        assertThat(rest.codePoints().filter(each -> each != '\n' && each != '\t'))
                .as(rest)
                .noneMatch(each -> Character.isISOControl(each) || Character.getType(each) == Character.FORMAT);
    }
}
