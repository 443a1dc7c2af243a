package dev.rein.tools.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rein.tools.StuckServer;
import dev.rein.tools.ToolRun;
import dev.rein.tools.internal.http.HttpTargets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpToolsTest {
    private @Nullable HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        var started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        started.start();
        server = started;
    }

    @AfterEach
    void stopServer() {
        server().stop(0);
    }

    private HttpServer server() {
        return Objects.requireNonNull(server);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server().getAddress().getPort() + path;
    }

    private void serve(String path, int status, String type, byte[] body) {
        server().createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            answer(exchange, status, body);
        });
    }

    private void redirect(String path, int status, String location) {
        server().createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            answer(exchange, status, new byte[0]);
        });
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static HttpTools.Builder local() {
        return HttpTools.builder().allowPrivateAddresses(true);
    }

    private String get(String path) throws Exception {
        return ToolRun.result(local().build(), "http_get", "{'url':'" + url(path) + "'}");
    }

    private static String error(HttpTools tools, String url) throws Exception {
        return ToolRun.error(tools, "http_get", "{'url':'" + url + "'}");
    }

    @Test
    void aPageIsReturnedWithStatusTypeAndBody() throws Exception {
        serve("/page", 200, "text/html; charset=ISO-8859-1", "<p>Grüße</p>".getBytes(ISO_8859_1));
        serve("/json", 404, "application/problem+json", "{\"title\":\"ü\"}".getBytes(UTF_8));

        assertThat(get("/page")).isEqualTo("status 200, text/html; charset=ISO-8859-1\n<p>Grüße</p>");
        assertThat(get("/json")).isEqualTo("status 404, application/problem+json\n{\"title\":\"ü\"}");
    }

    @Test
    void aBinaryBodyIsNotShown() throws Exception {
        serve("/image", 200, "image/png", new byte[] {1, 2, 3});

        assertThat(get("/image")).isEqualTo("status 200, image/png\n[a binary body of 3 bytes, not shown]");
    }

    @Test
    void aLongBodyIsTruncated() throws Exception {
        server().createContext("/endless", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            try (exchange) {
                while (true) {
                    exchange.getResponseBody().write("0123456789".repeat(100).getBytes(UTF_8));
                }
            }
        });
        var tools = local().bodyLimit(12).build();

        assertThat(ToolRun.result(tools, "http_get", "{'url':'" + url("/endless") + "'}"))
                .isEqualTo("status 200, text/plain\n012345678901\n[truncated after the first 12 bytes]");
    }

    @Test
    void aRequestHasItsMethodHeadersAndBody() throws Exception {
        server().createContext("/echo", exchange -> {
            var body = exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("X-A") + " "
                    + exchange.getRequestHeaders().getFirst("User-Agent") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            answer(exchange, 200, body.getBytes(UTF_8));
        });
        var tools = local().headers(Map.of("User-Agent", "me")).build();

        assertThat(ToolRun.result(
                        tools,
                        "http_request",
                        "{'method':'put','url':'" + url("/echo") + "','headers':{'X-A':'b'},'body':'text'}"))
                .endsWith("\nPUT b me text");
        assertThat(ToolRun.error(tools, "http_request", "{'method':'BREW','url':'" + url("/echo") + "'}"))
                .contains("\"method\" is BREW");
        assertThat(ToolRun.error(
                        tools,
                        "http_request",
                        "{'method':'GET','url':'" + url("/echo") + "','headers':{'Host':'example.org'}}"))
                .contains("the request is invalid: header \"Host\" belongs to the connection");
    }

    @Test
    void redirectsAreFollowedForGetAndShownOtherwise() throws Exception {
        redirect("/old", 302, "/older");
        redirect("/older", 301, url("/new"));
        serve("/new", 200, "text/plain", "here".getBytes(UTF_8));

        assertThat(get("/old")).isEqualTo("status 200, text/plain, from " + url("/new") + "\nhere");
        assertThat(ToolRun.result(
                        local().build(), "http_request", "{'method':'POST','url':'" + url("/old") + "','body':'x'}"))
                .startsWith("status 302, Location: /older");
    }

    @Test
    void theNumberOfRedirectsIsLimited() throws Exception {
        redirect("/loop", 302, "/loop");

        assertThat(error(local().build(), url("/loop"))).contains("more than 5 redirects");
    }

    @Test
    void aRedirectIsCheckedLikeTheFirstUrl() throws Exception {
        redirect("/file", 302, "file:///etc/passwd");
        redirect("/other", 302, "http://localhost:1/");
        var tools = local().allowedHosts("127.0.0.1").build();

        assertThat(error(tools, url("/file"))).contains("redirects to \"file:///etc/passwd\"");
        assertThat(error(tools, url("/other"))).contains("host \"localhost\" is not allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://localhost/",
                "http://[::1]/",
                "http://0.0.0.0/",
                "http://2130706433/",
                "http://[::ffff:127.0.0.1]/",
                "http://169.254.169.254/latest/meta-data",
                "https://10.1.2.3/",
                "http://[fd00::1]/"
            })
    void addressesThatAreNotPublicAreRejected(String url) throws Exception {
        assertThat(error(new HttpTools(), url)).contains("is not allowed").contains("private network");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://example.org/", "file:///etc/passwd", "example.org", "http:///a", "http://a b/"})
    void urlsThatAreNotHttpAreRejected(String url) throws Exception {
        assertThat(error(new HttpTools(), url)).contains("ToolArgumentException");
    }

    @Test
    void requestsAreSentToAllowedHostsOnly() throws Exception {
        var tools = HttpTools.builder()
                .allowPrivateAddresses(true)
                .allowedHosts("api.example.org", "*.example.net")
                .build();

        assertThat(error(tools, url("/"))).contains("host \"127.0.0.1\" is not allowed: the allowed hosts are [");
        assertThat(error(tools, "http://example.net/")).contains("not allowed");
        assertThat(error(tools, "http://evilexample.net/")).contains("not allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.8.9.1",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.1.1",
                "100.64.0.1",
                "0.1.2.3",
                "192.0.0.8",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "240.0.0.1",
                "203.0.113.5",
                "::",
                "fe80::1",
                "fc00::1",
                "fec0::1",
                "ff02::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:db8::1",
                "2001::1"
            })
    void notPublic(String address) throws Exception {
        assertThat(HttpTargets.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "198.20.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "64:ff9b::101:101",
                "2002:101:101::"
            })
    void isPublic(String address) throws Exception {
        assertThat(HttpTargets.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void aRequestTimesOutAndItsConnectionIsClosed() throws Exception {
        for (var answer : new String[] {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"}) {
            try (var stuck = new StuckServer(answer)) {
                var tools = local().timeout(Duration.ofMillis(300)).build();

                assertThat(error(tools, stuck.url())).contains("did not respond within 300 ms");
                assertThat(stuck.awaitClosed()).isTrue();
            }
        }
    }

    @Test
    void anUnreachableServerIsReported() throws Exception {
        assertThat(error(local().build(), "http://127.0.0.1:1/")).contains("the request to http://127.0.0.1:1/ failed");
        assertThat(error(local().build(), "http://no-such-host.invalid/")).contains("no-such-host.invalid");
    }

    @Test
    void aClientThatFollowsRedirectsItselfIsRejected() {
        try (var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HttpTools.builder().client(client))
                    .withMessageContaining("ALWAYS");
        }
    }
}
