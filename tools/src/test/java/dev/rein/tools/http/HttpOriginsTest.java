package dev.rein.tools.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.io.OutputStream;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To whom requests and headers go: the address that was checked, the origin that a header is for. */
class HttpOriginsTest {
    private static final String ECHO = "X-Api-Key";

    @SuppressWarnings("NullAway.Init")
    private HttpServer first;

    @SuppressWarnings("NullAway.Init")
    private HttpServer second;

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startServers() throws IOException {
        first = start("first");
        second = start("second");
        first.createContext("/away", exchange -> {
            exchange.getResponseHeaders().set("Location", url(second) + "/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        first.createContext("/near", exchange -> {
            exchange.getResponseHeaders().set("Location", "/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
    }

    @AfterEach
    void stopServers() {
        first.stop(0);
        second.stop(0);
    }

    private HttpServer start(String name) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            seen.add(name + " " + headers.getFirst(ECHO) + " " + headers.getFirst("Authorization") + " "
                    + headers.getFirst("User-Agent"));
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            var body = "the secret".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static HttpTools.Builder local() {
        return HttpTools.builder().allowPrivateAddresses(true);
    }

    private static String get(HttpTools tools, String url) throws Exception {
        return ToolRun.result(tools, "http_get", "{'url':'" + url + "'}");
    }

    @Test
    void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() throws Exception {
        var name = "a.rebind.test";
        var url = "http://" + name + ":" + first.getAddress().getPort() + "/";
        var tools = HttpTools.builder().timeout(Duration.ofSeconds(2)).build();

        var result = ToolRun.start(tools, "http_get", "{'url':'" + url + "'}").finish();

        assertThat(String.valueOf(result.result())).doesNotContain("the secret");
        assertThat(seen).isEmpty();
        assertThat(RebindingNames.lookups(name)).isEqualTo(1);
        // The name is that of an attacker: its second lookup is refused.
        assertThat(ToolRun.error(tools, "http_get", "{'url':'" + url + "'}"))
                .contains("127.0.0.1 is an address of this machine");
    }

    @Test
    void headersOfAnOriginAreSentToItOnly() throws Exception {
        var tools = local().headers(url(first), Map.of(ECHO, "key", "Authorization", "Bearer key"))
                .build();

        get(tools, url(first) + "/");
        get(tools, url(first) + "/near");
        get(tools, url(second) + "/");
        get(tools, url(first) + "/away");
        get(tools, "http://localhost:" + first.getAddress().getPort() + "/");

        assertThat(seen)
                .containsExactly(
                        "first key Bearer key rein",
                        "first key Bearer key rein",
                        "second null null rein",
                        "second null null rein",
                        "first null null rein");
    }

    @Test
    void headersOfTheModelAreNotSentToAnotherOriginAfterARedirect() throws Exception {
        ToolRun.result(
                local().build(),
                "http_request",
                "{'method':'GET','url':'" + url(first) + "/away','headers':{'X-Api-Key':'k','User-Agent':'me'}}");
        ToolRun.result(
                local().build(),
                "http_request",
                "{'method':'GET','url':'" + url(first) + "/near','headers':{'X-Api-Key':'k','User-Agent':'me'}}");

        assertThat(seen).containsExactly("second null null me", "first k null me");
    }

    @Test
    void theModelDoesNotOverrideHeadersOfAnOrigin() throws Exception {
        var tools = local().headers(url(first), Map.of(ECHO, "key")).build();

        ToolRun.result(
                tools, "http_request", "{'method':'GET','url':'" + url(first) + "/','headers':{'x-api-key':'mine'}}");

        assertThat(seen).containsExactly("first key null rein");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "transfer-encoding",
                "Host",
                "Content-Length",
                "Upgrade",
                "TE",
                "Trailer",
                "Keep-Alive",
                "Proxy-Authorization",
                "proxy-connection",
                "Expect"
            })
    void headersOfTheConnectionAreRefused(String name) throws Exception {
        assertThat(ToolRun.error(
                        local().build(),
                        "http_request",
                        "{'method':'GET','url':'" + url(first) + "/','headers':{'" + name + "':'1'}}"))
                .contains("header \"" + name + "\" belongs to the connection and may not be set");
        assertThat(seen).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> local().headers(url(first), Map.of(name, "1")))
                .withMessageContaining("belongs to the connection");
    }

    @Test
    void headersThatMayBeKeysNeedAnOrigin() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> local().headers(Map.of(ECHO, "key")))
                .withMessageContaining("X-Api-Key")
                .withMessageContaining("https://api.example.org");
        for (var origin :
                List.of("example.org", "https://example.org/a", "ftp://example.org", "https://u@example.org")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> local().headers(origin, Map.of(ECHO, "key")))
                    .withMessageContaining(origin);
        }
    }

    @Test
    void aClientWithCookiesIsRejected() {
        try (var client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> local().client(client).build())
                    .withMessageContaining("cookie handler");
        }
    }

    @Test
    void aProxyGetsTheRequest() throws Exception {
        try (var client = HttpClient.newBuilder()
                .proxy(ProxySelector.of(second.getAddress()))
                .build()) {
            var tools = local().client(client).build();

            assertThat(get(tools, "http://somewhere.invalid/")).contains("the secret");
        }
        assertThat(seen).containsExactly("second null null rein");
    }

    @Test
    void theNameInACertificateIsChecked(@TempDir Path directory) throws Exception {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var context = tls(directory);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            try (exchange) {
                exchange.getResponseBody().write("safe".getBytes(UTF_8));
            }
        });
        server.start();
        try (var client = HttpClient.newBuilder().sslContext(context).build()) {
            var port = server.getAddress().getPort();
            var trusting = local().client(client).build();

            assertThat(get(trusting, "https://localhost:" + port + "/")).isEqualTo("status 200, text/plain\nsafe");
            assertThat(ToolRun.error(trusting, "http_get", "{'url':'https://127.0.0.1:" + port + "/'}"))
                    .contains("failed")
                    .contains("127.0.0.1");
            assertThat(ToolRun.error(local().build(), "http_get", "{'url':'https://localhost:" + port + "/'}"))
                    .contains("certification path");
        } finally {
            server.stop(0);
        }
    }

    /** With a certificate for the name localhost, made by the JDK's own tool. */
    private static SSLContext tls(Path directory) throws Exception {
        var file = directory.resolve("keys.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        var arguments = "-genkeypair -keyalg EC -alias a -dname CN=localhost -ext san=dns:localhost -validity 2"
                + " -storetype PKCS12 -storepass secret -keypass secret -keystore";
        var command = new ArrayList<>(List.of(arguments.split(" ")));
        command.addFirst(keytool.toString());
        command.addLast(file.toString());
        assertThat(new ProcessBuilder(command).redirectErrorStream(true).start().waitFor())
                .isZero();
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            keys.load(in, "secret".toCharArray());
        }
        var key = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        key.init(keys, "secret".toCharArray());
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** Answers one request with these bytes and closes the connection. */
    private static String answered(String answer, HttpTools.Builder builder) throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var serving = Thread.ofVirtual().start(() -> {
                try (var socket = server.accept();
                        OutputStream out = socket.getOutputStream()) {
                    var in = socket.getInputStream();
                    for (int last = 0, next = in.read(); !(last == '\n' && next == '\r'); next = in.read()) {
                        last = next;
                    }
                    in.read();
                    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    // The client has closed the connection.
                }
            });
            var execution = ToolRun.start(
                            builder.build(),
                            "http_get",
                            "{'url':'http://127.0.0.1:" + server.getLocalPort() + "/a%20b?c=d'}")
                    .finish();
            serving.join();
            return String.valueOf(execution.result());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc",
                "HTTP/1.0 200 OK\n\nab",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n1\r\nb\r\n0\r\nT: 1\r\n\r\n"
            })
    void allFramesOfABodyAreRead(String answer) throws Exception {
        assertThat(answered(answer, local())).isEqualTo("status 200\nab");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nno header\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab"
            })
    void aBrokenResponseIsAnError(String answer) throws Exception {
        assertThat(answered(answer, local())).contains("the request to http://127.0.0.1:");
    }

    @Test
    void endlessHeadersAreAnError() throws Exception {
        assertThat(answered("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(100_000), local()))
                .contains("headers of more than 262144 bytes");
    }
}
