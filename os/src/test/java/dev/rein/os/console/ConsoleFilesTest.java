package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.os.AgentOS;
import dev.rein.os.AgentOSBuilder;
import dev.rein.testkit.ScriptedModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of the console, without a browser. */
class ConsoleFilesTest {
    private static final int MOST_BYTES = 60 << 10;

    private final HttpClient client = HttpClient.newHttpClient();

    private static AgentOSBuilder builder() {
        return AgentOS.builder()
                .securityKey(null)
                .port(0)
                .agents(Agent.builder()
                        .name("Writer")
                        .model(ScriptedModel.create())
                        .build());
    }

    private HttpResponse<byte[]> get(String url, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url));
        for (var i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** The files that the page and its modules name. */
    private Set<String> files(String url) throws IOException, InterruptedException {
        var found = new TreeSet<String>();
        var page = new String(get(url).body());
        Pattern.compile("(?:href|src)=\"console/([^\"]+)\"")
                .matcher(page)
                .results()
                .forEach(each -> found.add(each.group(1)));
        for (var todo = new TreeSet<>(found); !todo.isEmpty(); ) {
            var name = todo.pollFirst();
            var file = get(url + "/" + name);
            assertThat(file.statusCode()).as(name).isEqualTo(200);
            Pattern.compile("from ?['\"]([^'\"]+)['\"]")
                    .matcher(new String(file.body()))
                    .results()
                    .filter(_ -> name.endsWith(".js"))
                    .forEach(each -> {
                        assertThat(each.group(1)).as("imports of " + name).startsWith("./");
                        var imported = each.group(1).substring(2);
                        if (found.add(imported)) {
                            todo.add(imported);
                        }
                    });
        }
        return found;
    }

    @Test
    void thePageIsSmallAndCompleteAndLoadsNothingFromElsewhere() throws Exception {
        try (var os = builder().build().start()) {
            var url = os.url() + "/console";
            var bytes = get(url, "Accept-Encoding", "gzip").body().length;
            var files = files(url);
            assertThat(files).contains("app.js", "preact.js", "hooks.js", "htm.js", "console.css", "timeline.js");
            for (var file : files) {
                var answer = get(url + "/" + file, "Accept-Encoding", "gzip");
                assertThat(answer.headers().firstValue("Content-Encoding"))
                        .as(file)
                        .contains("gzip");
                bytes += answer.body().length;
            }
            System.out.printf("The console has %,d bytes in %d files%n", bytes, files.size() + 1);
            assertThat(bytes).isLessThan(MOST_BYTES);
        }
    }

    @Test
    void thePolicyAllowsFilesOfThisServerOnly() throws Exception {
        try (var os = builder().build().start()) {
            var page = get(os.url() + "/console");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("default-src 'self';")
                    .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
                    .doesNotContain("unsafe", "http:", "https:", "*");
            assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        }
    }

    @Test
    void aFileThatHasNotChangedIsNotSentAgain() throws Exception {
        try (var os = builder().build().start()) {
            var first = get(os.url() + "/console/app.js");
            var tag = first.headers().firstValue("ETag").orElseThrow();
            var second = get(os.url() + "/console/app.js", "If-None-Match", tag);
            assertThat(second.statusCode()).isEqualTo(304);
            assertThat(second.body()).isEmpty();
        }
    }

    @Test
    void otherNamesAreNotFound() throws Exception {
        try (var os = builder().build().start()) {
            for (var name : new String[] {"nothing.js", "index.html", "..%2Fschemas.txt", "lib%2FLICENSE"}) {
                assertThat(get(os.url() + "/console/" + name).statusCode())
                        .as(name)
                        .isIn(400, 404);
            }
        }
    }

    @Test
    void theAddressWithASlashLeadsToThePage() throws Exception {
        try (var os = builder().build().start()) {
            var answer = get(os.url() + "/console/");
            assertThat(answer.statusCode()).isEqualTo(308);
            assertThat(answer.headers().firstValue("Location")).contains("../console");
        }
    }

    @Test
    void isServedOnTheLocalMachineOnlyUnlessSaidOtherwise() throws Exception {
        try (var os = builder().console(false).build().start()) {
            assertThat(get(os.url() + "/console").statusCode()).isEqualTo(404);
            assertThat(get(os.url() + "/console/app.js").statusCode()).isEqualTo(404);
        }
        try (var os = builder().host("0.0.0.0").insecure(true).build().start()) {
            assertThat(get("http://127.0.0.1:" + os.port() + "/console").statusCode())
                    .isEqualTo(404);
        }
        try (var os =
                builder().host("0.0.0.0").insecure(true).console(true).build().start()) {
            assertThat(get("http://127.0.0.1:" + os.port() + "/console").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theFilesNeedNoKeyAndTheDataDo() throws Exception {
        try (var os = builder().securityKey("sesame").build().start()) {
            assertThat(get(os.url() + "/console").statusCode()).isEqualTo(200);
            assertThat(get(os.url() + "/console/app.js").statusCode()).isEqualTo(200);
            assertThat(get(os.url() + "/config").statusCode()).isEqualTo(401);
            assertThat(get(os.url() + "/runs").statusCode()).isEqualTo(401);
        }
    }
}
