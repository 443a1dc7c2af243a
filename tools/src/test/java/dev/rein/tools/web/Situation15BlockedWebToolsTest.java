package dev.rein.tools.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.testkit.LeakCheck;
import dev.rein.tools.StuckServer;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Situation 15: a stop ends a web search or Hacker News tool wherever it waits, and the server sees the connection close. */
class Situation15BlockedWebToolsTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    /** The JDK's client closes some sockets only when its selector wakes up, which happens every 3 s. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int STORIES_AT_ONCE = 6;
    private static final String TOKEN_PAGE = StuckServer.whole("text/html", "<script>vqd='4-1'</script>");
    private static final List<String> STUCK_ANSWERS = List.of(
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<p>",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n");

    /** The points at which a tool waits. */
    private enum Wait {
        WEB_PAGE("web_search"),
        NEWS_PAGE("search_news"),
        NEWS_LIST("search_news"),
        BRAVE("web_search"),
        SEARXNG("search_news"),
        IDS("get_top_hackernews_stories"),
        USER("get_user_details");

        private final String tool;

        Wait(String tool) {
            this.tool = tool;
        }

        Object tools(String url) {
            return switch (this) {
                case WEB_PAGE, NEWS_PAGE, NEWS_LIST ->
                    WebSearchTools.builder().baseUrl(url).build();
                case BRAVE -> WebSearchTools.builder().brave("key").baseUrl(url).build();
                case SEARXNG -> WebSearchTools.searxng(url);
                case IDS, USER -> HackerNewsTools.builder().baseUrl(url).build();
            };
        }

        String arguments() {
            return switch (this) {
                case IDS -> "{}";
                case USER -> "{'username':'ember'}";
                default -> "{'query':'dragons'}";
            };
        }

        /** The responses of the server that make the tool wait at this point. */
        UnaryOperator<String> answers(String stuck) {
            return path -> this == NEWS_LIST && !path.contains("news.js") ? TOKEN_PAGE : stuck;
        }
    }

    static Stream<Arguments> waits() {
        return Arrays.stream(Wait.values())
                .flatMap(wait -> STUCK_ANSWERS.stream().map(answer -> Arguments.of(wait, answer)));
    }

    /** Creates the resources that are shared by the process, which must not count as leaks. */
    @BeforeAll
    static void useTheClientOnce() throws Exception {
        try (var server = new StuckServer("")) {
            var run = ToolRun.start(Wait.WEB_PAGE.tools(server.url()), "web_search", "{'query':'a'}");
            assertThat(server.awaitResponses()).isTrue();
            run.stop();
            assertThat(server.awaitClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aStopClosesTheConnectionWhateverHasBeenReceived(Wait wait, String answer) throws Exception {
        try (var leaks = LeakCheck.begin().within(PATIENCE);
                var server = new StuckServer(1, wait.answers(answer))) {
            var run = ToolRun.start(wait.tools(server.url()), wait.tool, wait.arguments());
            assertThat(server.awaitResponses()).isTrue();

            var output = run.stop();

            assertThat(server.awaitClosed()).isTrue();
            assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(BOUND);
        }
    }

    @ParameterizedTest
    @FieldSource("STUCK_ANSWERS")
    void aStopBetweenStoriesClosesAllConnectionsAndFetchesNoMore(String answer) throws Exception {
        var ids = StuckServer.whole("application/json", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]");
        var story = StuckServer.whole("application/json", "{\"id\":1}");
        try (var leaks = LeakCheck.begin().within(PATIENCE);
                var server = new StuckServer(
                        STORIES_AT_ONCE,
                        path -> path.contains("topstories") ? ids : path.matches(".*/[123]\\.json") ? story : answer)) {
            var tools = HackerNewsTools.builder().baseUrl(server.url()).build();
            var run = ToolRun.start(tools, "get_top_hackernews_stories", "{'num_stories':20}");
            assertThat(server.awaitResponses()).isTrue();

            var output = run.stop();

            assertThat(server.awaitClosed()).isTrue();
            assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(BOUND);
            assertThat(server.requests()).hasSize(1 + 3 + STORIES_AT_ONCE);
        }
    }

    /** Linux does not respond to further connections when the backlog of a server is full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aStopEndsAConnectionThatIsBeingOpened() throws Exception {
        try (var leaks = LeakCheck.begin().within(PATIENCE);
                var client = HttpClient.newHttpClient();
                var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var waiting = new Queued(server)) {
            var tools = WebSearchTools.builder()
                    .searxng("http://127.0.0.1:" + server.getLocalPort())
                    .timeout(PATIENCE.multipliedBy(3))
                    .client(client)
                    .build();
            var run = ToolRun.start(tools, "web_search", "{'query':'dragons'}");
            await().until(() -> connecting(server.getLocalPort()) > 0);

            var output = run.stop();

            assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(BOUND);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(connecting(server.getLocalPort())).isZero());
        }
    }

    /** Number of sockets of this machine that wait for a connection to a port (SYN_SENT). */
    private static long connecting(int port) throws IOException {
        var to = "0100007F:%04X 02".formatted(port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .map(Path::of)
                .filter(Files::exists)
                .flatMap(Situation15BlockedWebToolsTest::lines)
                .filter(line -> line.contains(to))
                .count();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connections that fill the backlog of a server which accepts none. */
    private static final class Queued implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();

        Queued(ServerSocket server) throws IOException {
            while (true) {
                var socket = new Socket();
                sockets.add(socket);
                try {
                    socket.connect(server.getLocalSocketAddress(), 500);
                } catch (SocketTimeoutException full) {
                    socket.close();
                    return;
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }
}
