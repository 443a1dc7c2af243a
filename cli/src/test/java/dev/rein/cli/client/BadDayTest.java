package dev.rein.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.rein.cli.Cli;
import dev.rein.cli.ReinProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say, and how they end, when the server or the way to it is not as it should be. */
class BadDayTest {
    private static final String NO_RUNS = "{\"data\":[]}";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    @AfterEach
    void stop() {
        over.countDown();
        servers.forEach(server -> server.stop(0));
        // One may wait for ever for a client that has gone without a word.
        threads.shutdownNow();
    }

    private String serve(HttpHandler handler) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        start(server, handler);
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void start(HttpServer server, HttpHandler handler) {
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            try (exchange) {
                handler.handle(exchange);
            }
        });
        servers.add(server);
        server.start();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void hang() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins a stream of events and holds it open. */
    private void beginStream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("event: RunContent\ndata: {\"content\":\"begun\"}\n\n".getBytes(UTF_8));
        exchange.getResponseBody().flush();
        hang();
    }

    private static void assertFails(Cli result, String... parts) {
        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(parts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ps", "cancel --all", "tail r1", "run agent a hi", "run agent a hi --background"})
    void aServerThatNeverRespondsIsGivenUp(String command) throws Exception {
        var url = serve(exchange -> hang());

        assertFails(
                Cli.run((command + " --timeout 300ms --url " + url).split(" ")),
                url + " did not respond within 0.3 s",
                "--timeout");
    }

    @Test
    void aResponseThatNeverEndsIsGivenUp() throws Exception {
        var url = serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            hang();
        });

        assertFails(Cli.run("ps", "--timeout", "300ms", "--url", url), "did not respond within 0.3 s");
    }

    @Test
    void theTimeThatTheServerIsToldToWaitIsNotCounted() throws Exception {
        var url = serve(exchange -> {
            if (exchange.getRequestMethod().equals("POST")) {
                try {
                    // Longer than the time-out.
                    over.await(1, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            send(exchange, 200, "{\"results\":[]}");
        });

        assertThat(Cli.run("cancel", "--all", "--timeout", "900ms", "--wait", "1m", "--url", url)
                        .exitCode())
                .isZero();
    }

    @Test
    void aStreamThatABufferHoldsBackIsExplainedAndGivenUpInTheEnd() throws Exception {
        var url = serve(this::beginStream);

        var result = Cli.run("run", "agent", "a", "hi", "--timeout", "300ms", "--url", url);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).startsWith("begun");
        assertThat(result.err().lines())
                .satisfiesExactly(
                        heading -> assertThat(heading).isEqualTo("agent"),
                        note -> assertThat(note).contains("nothing has come", "0.3 s", "turn off its buffering"),
                        error -> assertThat(error)
                                .contains("error: the connection to " + url + " was lost", "3.0 s", "rein tail"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run agent a hi", "tail r"})
    void aStreamThatTheServerCannotContinueIsExplained(String command) throws Exception {
        var url = serve(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/runs")) {
                send(
                        exchange,
                        200,
                        "{\"data\":[{\"run_id\":\"r\",\"type\":\"agent\",\"component_id\":\"a\",\"session_id\":\"s\"}]}");
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            send(
                    exchange,
                    200,
                    "event: RunContent\ndata: {\"content\":\"begun\"}\n\n"
                            + "event: error\ndata: {\"event\":\"error\",\"error\":\"Internal server error (Odd)\"}\n\n");
        });

        var result = Cli.run((command + " --url " + url).split(" "));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).startsWith("begun");
        assertThat(result.err()).contains("error: the stream", "Internal server error (Odd)");
    }

    @Test
    void aServerBehindAPathIsReachedThere() throws Exception {
        var url = serve(exchange -> {
            var path = exchange.getRequestURI().getPath();
            send(exchange, path.equals("/a/b/runs") ? 200 : 404, path.equals("/a/b/runs") ? NO_RUNS : "<html>none");
        });

        assertThat(Cli.run("ps", "--url", url + "/a/b").exitCode()).isZero();
        assertThat(Cli.run("ps", "--url", url + "/a/b/").exitCode()).isZero();
        assertFails(Cli.run("ps", "--url", url), "/runs responded 404", "<html>none", "not from AgentOS", "proxy");
    }

    @Test
    void anAddressThatIsNotThatOfAgentOsIsExplained() throws Exception {
        var redirecting = serve(exchange -> {
            exchange.getResponseHeaders().set("Location", "https://example.org/");
            send(exchange, 301, "");
        });
        var page = serve(exchange -> send(exchange, 200, "<html>hello"));

        assertFails(
                Cli.run("ps", "--url", redirecting), "responded 301 and redirects to https://example.org/", "--url");
        assertFails(Cli.run("ps", "--url", page), "is not from AgentOS", "--url");
        assertFails(Cli.run("run", "agent", "a", "hi", "--url", page), "is not from AgentOS", "no stream of events");
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        assertFails(
                Cli.run("ps", "--url", "http://no-such-host.invalid"),
                "there is no host no-such-host.invalid",
                "--url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "http://a?b", "http://u:p@a", "http://", "http://a#b"})
    void aUrlThatIsNoneIsAUsageError(String url) {
        var result = Cli.run("ps", "--url", url);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("http://localhost:7777");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "2h", "soon"})
    void aTimeoutThatIsNoneIsAUsageError(String timeout) {
        assertThat(Cli.run("ps", "--timeout", timeout).exitCode()).isEqualTo(2);
    }

    @Test
    void aCertificateThatNobodyKnowsIsExplainedAndCanBeTrusted() throws Exception {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        start(server, exchange -> send(exchange, 200, NO_RUNS));
        var url = "https://localhost:" + server.getAddress().getPort();
        var certificate = scratch.resolve("cert.pem").toString();
        var plain = serve(exchange -> send(exchange, 200, NO_RUNS));

        assertFails(Cli.run("ps", "--url", url), "not signed by a known authority", "--cacert", "REIN_CACERT");
        assertThat(Cli.run("ps", "--url", url, "--cacert", certificate))
                .returns("", Cli::err)
                .returns(0, Cli::exitCode);
        assertFails(
                Cli.run("ps", "--url", url.replace("localhost", "127.0.0.1"), "--cacert", certificate),
                "is for another name",
                "--url");
        assertFails(Cli.run("ps", "--url", plain.replace("http:", "https:")), "if the server has no TLS, use http://");
        assertThat(Cli.run(
                        "ps", "--url", url, "--cacert", scratch.resolve("none").toString()))
                .returns(2, Cli::exitCode);
        assertThat(Cli.run(
                        "ps",
                        "--url",
                        url,
                        "--cacert",
                        Files.writeString(scratch.resolve("empty.pem"), "").toString()))
                .returns(2, Cli::exitCode);
    }

    /** Of a self-signed certificate for localhost, which is also written to cert.pem. */
    private SSLContext tls() throws Exception {
        var file = scratch.resolve("keys.p12").toString();
        keytool(
                "-genkeypair -keyalg EC -alias a -dname CN=localhost -ext san=dns:localhost -validity 2 -keystore",
                file);
        keytool("-exportcert -rfc -alias a -file " + scratch.resolve("cert.pem") + " -keystore", file);
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(Path.of(file))) {
            keys.load(in, "secret".toCharArray());
        }
        var key = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        key.init(keys, "secret".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(key.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String arguments, String file) throws Exception {
        var command = new ArrayList<>(List.of(arguments.split(" ")));
        command.addFirst(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(file, "-storetype", "PKCS12", "-storepass", "secret"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private ReinProcess rein(Map<String, String> environment, String... arguments) throws Exception {
        return ReinProcess.rein(scratch, environment, arguments).await();
    }

    @Test
    void aProxyOfTheEnvironmentIsUsedUnlessTheHostIsExcepted() throws Exception {
        var proxy = serve(exchange -> send(exchange, 200, NO_RUNS));
        var address = proxy.replace("http://", "http://user:p%40ss@");

        try (var through = rein(Map.of("HTTP_PROXY", address), "ps", "--url", "http://os.invalid:81/x")) {
            assertThat(through.exitCode()).as(through.err()).isZero();
            assertThat(requests).containsExactly("GET http://os.invalid:81/x/runs Basic dXNlcjpwQHNz");
        }
        try (var direct = rein(
                Map.of("http_proxy", address, "no_proxy", "other, .invalid"), "ps", "--url", "http://os.invalid")) {
            assertThat(direct.exitCode()).isEqualTo(1);
            assertThat(direct.err()).contains("there is no host os.invalid");
        }
        try (var local = rein(Map.of("HTTP_PROXY", "http://127.0.0.1:1"), "ps", "--url", proxy)) {
            assertThat(local.exitCode()).as(local.err()).isZero();
        }
    }

    @Test
    void aProxyThatDoesNotServeIsNamed() throws Exception {
        var refusing = serve(exchange -> send(exchange, 407, ""));
        var failing = serve(exchange -> send(exchange, 502, "<html>bad gateway"));

        try (var dead = rein(Map.of("HTTP_PROXY", "127.0.0.1:1"), "ps", "--url", "http://os.invalid")) {
            assertThat(dead.exitCode()).isEqualTo(1);
            assertThat(dead.err()).contains("the proxy http://127.0.0.1:1 in HTTP_PROXY", "NO_PROXY=os.invalid");
        }
        try (var closed = rein(Map.of("HTTP_PROXY", refusing), "ps", "--url", "http://os.invalid")) {
            assertThat(closed.err()).contains("requires a user", "http://USER:PASSWORD@HOST:PORT");
        }
        try (var bad = rein(Map.of("HTTP_PROXY", failing), "ps", "--url", "http://os.invalid")) {
            assertThat(bad.err()).contains("responded 502", "bad gateway", "check the address and the proxy");
        }
        try (var none = rein(Map.of("HTTP_PROXY", "socks5://u:secret@a"), "ps", "--url", "http://os.invalid")) {
            assertThat(none.exitCode()).isEqualTo(2);
            assertThat(none.err())
                    .contains("HTTP_PROXY is not the URL of an HTTP proxy")
                    .doesNotContain("secret");
        }
    }

    /** A server on which a run ends some time after its cancel, or never. */
    private String runs(boolean cancellable, CountDownLatch cancelled) throws IOException {
        return serve(exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/cancel")) {
                cancelled.countDown();
                send(exchange, 200, "{}");
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            var out = exchange.getResponseBody();
            out.write("event: RunContent\ndata: {\"content\":\"begun\"}\n\n".getBytes(UTF_8));
            out.flush();
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!cancellable) {
                hang();
            }
            out.write("event: RunCancelled\ndata: {\"reason\":\"Ctrl-C\"}\n\n".getBytes(UTF_8));
        });
    }

    @ParameterizedTest
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aSignalCancelsTheRunAndWaitsForItsEnd(String signal) throws Exception {
        var cancelled = new CountDownLatch(1);
        try (var rein =
                ReinProcess.rein(scratch, Map.of("REIN_URL", runs(true, cancelled)), "run", "agent", "a", "hi")) {
            rein.awaitOut("begun");
            rein.signal(signal);
            rein.await();

            assertThat(rein.exitCode()).as(rein.err()).isEqualTo(3);
            assertThat(rein.err()).contains("was cancelled; it took ");
            assertThat(cancelled.getCount()).isZero();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aSecondSignalExitsAtOnceAndSaysSo() throws Exception {
        var cancelled = new CountDownLatch(1);
        try (var rein =
                ReinProcess.rein(scratch, Map.of("REIN_URL", runs(false, cancelled)), "run", "agent", "a", "hi")) {
            rein.awaitOut("begun");
            rein.signal("INT");
            cancelled.await();
            rein.signal("INT");
            rein.await();

            assertThat(rein.exitCode()).isEqualTo(130);
            assertThat(rein.err()).contains("exits without waiting for run", "rein ps");
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aRunThatDoesNotEndAfterASignalIsNotAwaitedForEver() throws Exception {
        try (var rein = ReinProcess.rein(
                scratch,
                Map.of("REIN_URL", runs(false, new CountDownLatch(1))),
                "run",
                "agent",
                "a",
                "hi",
                "--timeout",
                "2s")) {
            rein.awaitOut("begun");
            rein.signal("HUP");
            rein.await();

            assertThat(rein.exitCode()).isEqualTo(1);
            assertThat(rein.err()).contains("has not ended within 2s", "rein ps");
        }
    }

    @ParameterizedTest
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @ValueSource(strings = {"HUP 129", "INT 130", "TERM 143"})
    void aSignalEndsTailAsEveryProgram(String signalAndCode) throws Exception {
        var url = serve(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/runs")) {
                send(
                        exchange,
                        200,
                        "{\"data\":[{\"run_id\":\"r\",\"type\":\"agent\",\"component_id\":\"a\",\"session_id\":\"s\"}]}");
            } else {
                beginStream(exchange);
            }
        });
        var parts = signalAndCode.split(" ");
        try (var rein = ReinProcess.rein(scratch, Map.of("REIN_URL", url), "tail", "r")) {
            rein.awaitOut("begun");
            rein.signal(parts[0]);
            rein.await();

            assertThat(rein.exitCode()).isEqualTo(Integer.parseInt(parts[1]));
        }
    }
}
