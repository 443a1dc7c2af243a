package dev.rein.tools.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.CannedServer;
import dev.rein.tools.StuckServer;
import dev.rein.tools.ToolRun;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSearchToolsTest {
    private static final String KEY = "key-5c1d";

    private CannedServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = new CannedServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private WebSearchTools duckDuckGo() {
        return WebSearchTools.builder().baseUrl(server.url()).build();
    }

    private WebSearchTools brave() {
        return WebSearchTools.builder().brave(KEY).baseUrl(server.url()).build();
    }

    private static JsonNode web(WebSearchTools tools) throws Exception {
        return json(ToolRun.result(tools, "web_search", "{'query':'dragon code'}"));
    }

    private static JsonNode news(WebSearchTools tools) throws Exception {
        return json(ToolRun.result(tools, "search_news", "{'query':'dragon code'}"));
    }

    private static String webError(WebSearchTools tools) throws Exception {
        return ToolRun.error(tools, "web_search", "{'query':'dragon code'}");
    }

    private static String newsError(WebSearchTools tools) throws Exception {
        return ToolRun.error(tools, "search_news", "{'query':'dragon code'}");
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }

    private static JsonNode expected(String text) throws Exception {
        return json(text.replace('\'', '"'));
    }

    /** The HTML of a result on the page. */
    private static String found(String classes, String href, String title, String snippet) {
        return """
            <div class="result %s"><div class="body">
              <h2 class="result__title"><a class="result__a" rel="nofollow" href="%s">%s</a></h2>
              <a class="result__snippet" href="%s">%s</a>
            </div></div>
            """.formatted(classes, href, title, href, snippet);
    }

    private static String page(String... results) {
        return "<div id=\"links\" class=\"results\">" + String.join("", results) + "</div>";
    }

    private static String manyResults() {
        return page(IntStream.rangeClosed(1, 12)
                .mapToObj(i -> found("web-result", "https://example.org/" + i, "Title " + i, "Text " + i))
                .toArray(String[]::new));
    }

    @Test
    void theToolsHaveTheNamesAndParametersThatModelsKnow() {
        var tools = ToolSpec.from(new WebSearchTools());

        assertThat(tools.stream().map(tool -> tool.definition().name()))
                .containsExactlyInAnyOrder("web_search", "search_news");
        assertThat(tools).allSatisfy(tool -> {
            var schema = tool.definition().parameters();
            assertThat(schema.at("/properties").fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("query", "max_results");
            assertThat(schema.at("/required").toString()).isEqualTo("[\"query\"]");
        });
    }

    @Test
    void resultsOfDuckDuckGoLinkDirectlyToTheirPages() throws Exception {
        server.html(
                "/html/",
                page(
                        found(
                                "result--ad",
                                "//duckduckgo.com/y.js?ad_domain=shop.example&amp;u3=x",
                                "Buy dragons",
                                "Cheap"),
                        found(
                                "web-result",
                                "//duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1%26c%3D%C3%BC&amp;rut=0f",
                                "The <b>Dragon</b> &amp; the code",
                                "How a <b>dragon</b>\n   learns &lt;Java&gt;"),
                        found("web-result", "https://example.org/plain", "Plain", ""),
                        found("web-result", "https://duckduckgo.com/y.js?x=1", "An advertisement too", "no"),
                        found("web-result", "javascript:alert(1)", "No page", "no")));

        assertThat(web(duckDuckGo())).isEqualTo(expected("""
            [{'title':'The Dragon & the code','href':'https://example.org/a?b=1&c=ü','body':'How a dragon learns <Java>'},
             {'title':'Plain','href':'https://example.org/plain','body':''}]
            """));
        assertThat(server.uris()).containsExactly("/html/?q=dragon+code");
        assertThat(server.requests().getFirst().headers().getFirst("User-Agent"))
                .isEqualTo("Mozilla/5.0 (compatible; rein)");
    }

    @Test
    void fiveResultsAreReturnedByDefault() throws Exception {
        server.html("/html/", manyResults());

        assertThat(web(duckDuckGo())).hasSize(5);
        assertThat(json(ToolRun.result(duckDuckGo(), "web_search", "{'query':'a','max_results':9}")))
                .hasSize(9);
        assertThat(json(ToolRun.result(duckDuckGo(), "web_search", "{'query':'a','max_results':50}")))
                .hasSize(12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div id='links'></div>",
                "<div class='no-results'>No results found for that</div>",
                "<div class='result result--no-result'>Nothing</div>"
            })
    void aSearchWithoutResultsReturnsAnEmptyList(String page) throws Exception {
        server.html("/html/", page);

        assertThat(ToolRun.result(duckDuckGo(), "web_search", "{'query':'qzx'}"))
                .isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({
        "200, <form id='challenge-form' action='/check'>Which ones are ducks?</form>",
        "202, <p>One moment</p>",
        "403, <div class='anomaly-modal__title'>A person?</div>",
        "200, <form action='//duckduckgo.com/anomaly.js?sv=html'></form>"
    })
    void aRobotCheckIsReportedAsSuch(int status, String page) throws Exception {
        server.serve("/", status, "text/html", page);

        assertThat(webError(duckDuckGo()))
                .contains("127.0.0.1 responded with a robot check")
                .contains("WebSearchTools.brave(key)");
        assertThat(newsError(duckDuckGo())).contains("robot check");
        assertThat(server.uris()).as("no request without a token").noneMatch(uri -> uri.contains("news.js"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<p>Welcome to the hotel's network</p>", "<<<>>&&&<div class=", "{\"a\":1}"})
    void aPageThatIsNotAResultPageIsRejected(String page) throws Exception {
        server.serve("/html/", 200, "text/html", page);

        assertThat(webError(duckDuckGo())).contains("127.0.0.1 responded with a page that has neither results nor");
    }

    @Test
    void newsOfDuckDuckGoAreRequestedWithTheTokenOfItsPage() throws Exception {
        server.html("/", "<script>DDG.x('/?q=dragon',vqd=\"4-1234-5678\",y)</script>");
        server.json("/news.js", """
            {"results":[
             {"date":1772438400,"title":"A <b>dragon</b>","excerpt":"codes &amp; flies","url":"https://example.org/n",
              "image":"https://example.org/n.png","source":"Gazette"},
             {"date":99999999999999999,"title":"Later","url":"https://example.org/m"},
             "nonsense"]}
            """);

        assertThat(news(duckDuckGo())).isEqualTo(expected("""
            [{'date':'2026-03-02T08:00:00Z','title':'A dragon','body':'codes & flies','url':'https://example.org/n',
              'image':'https://example.org/n.png','source':'Gazette'},
             {'date':'','title':'Later','body':'','url':'https://example.org/m','image':'','source':''}]
            """));
        assertThat(server.uris())
                .containsExactly(
                        "/?q=dragon+code&iar=news&ia=news",
                        "/news.js?l=wt-wt&o=json&noamp=1&q=dragon+code&vqd=4-1234-5678&p=-1");
    }

    @Test
    void aRobotCheckInsteadOfTheNewsIsReported() throws Exception {
        server.html("/", "<script>vqd='4-1'</script>");
        server.serve("/news.js", 403, "text/html", "<form id='challenge-form'></form>");

        assertThat(newsError(duckDuckGo())).contains("robot check");
    }

    @Test
    void withoutATokenNoNewsAreRequested() throws Exception {
        server.html("/", "<p>hello</p>");

        assertThat(newsError(duckDuckGo())).contains("a page that has no token for the news");
        assertThat(server.uris()).hasSize(1);
    }

    @Test
    void requestsToBraveContainTheKey() throws Exception {
        server.json("/web/search", """
            {"type":"search","web":{"results":[
             {"title":"Dragons &amp; code","url":"https://example.org/a","description":"A <strong>dragon</strong>"}]}}
            """);
        server.json("/news/search", """
            {"type":"news","results":[
             {"title":"New","url":"https://news.example.org/a","description":"text","age":"2 days ago",
              "page_age":"2026-03-02T08:00:00","thumbnail":{"src":"https://example.org/a.png"}},
             {"title":"Old","url":"no url at all","age":"1 year ago"}]}
            """);

        assertThat(web(brave()))
                .isEqualTo(expected("[{'title':'Dragons & code','href':'https://example.org/a','body':'A dragon'}]"));
        assertThat(news(brave())).isEqualTo(expected("""
            [{'date':'2026-03-02T08:00:00','title':'New','body':'text','url':'https://news.example.org/a',
              'image':'https://example.org/a.png','source':'news.example.org'},
             {'date':'1 year ago','title':'Old','body':'','url':'no url at all','image':'','source':''}]
            """));
        assertThat(server.uris())
                .containsExactly(
                        "/web/search?q=dragon+code&count=5&text_decorations=false",
                        "/news/search?q=dragon+code&count=5&text_decorations=false");
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.headers().getFirst("X-Subscription-Token"))
                        .isEqualTo(KEY));
    }

    @Test
    void braveIsAskedForAtMostTwentyPagesAndMayReturnNone() throws Exception {
        server.json("/web/search", "{\"type\":\"search\"}").json("/news/search", "{\"results\":[]}");

        assertThat(ToolRun.result(brave(), "web_search", "{'query':'a','max_results':50}"))
                .isEqualTo("[]");
        assertThat(ToolRun.result(brave(), "search_news", "{'query':'a','max_results':50}"))
                .isEqualTo("[]");
        assertThat(server.uris().getFirst()).contains("count=20");
        assertThat(server.uris().getLast()).contains("count=50");
    }

    @ParameterizedTest
    @CsvSource({"401, rejects the key (status 401)", "403, rejects the key (status 403)", "429, too many requests"})
    void aRejectedKeyIsNotShown(int status, String message) throws Exception {
        server.serve("/", status, "application/json", "{\"token\":\"" + KEY + "\"}");

        assertThat(webError(brave())).contains("127.0.0.1").contains(message).doesNotContain(KEY);
        assertThat(brave().toString() + WebSearchTools.builder().brave(KEY)).doesNotContain(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b-secret", "a\n-secret", "ü-secret"})
    void anInvalidKeyIsRejectedWithoutShowingIt(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSearchTools.brave(key))
                .withMessageContaining("key of the Brave Search API")
                .withMessageNotContaining("secret");
    }

    @Test
    void searxngIsSearchedThroughItsJsonApi() throws Exception {
        server.json("/", """
            {"query":"x","results":[
             {"title":"List<String>","url":"https://www.example.org/a","content":"text","publishedDate":"2026-03-02T08:00:00",
              "img_src":"","thumbnail":"https://example.org/a.png","engine":"any"},
             {"title":"B","url":"https://example.org/b","content":null}]}
            """);
        var tools = WebSearchTools.searxng(server.url() + "/sub/");

        assertThat(web(tools)).isEqualTo(expected("""
            [{'title':'List<String>','href':'https://www.example.org/a','body':'text'},
             {'title':'B','href':'https://example.org/b','body':''}]
            """));
        assertThat(news(tools)).isEqualTo(expected("""
            [{'date':'2026-03-02T08:00:00','title':'List<String>','body':'text','url':'https://www.example.org/a',
              'image':'https://example.org/a.png','source':'www.example.org'},
             {'date':'','title':'B','body':'','url':'https://example.org/b','image':'','source':'example.org'}]
            """));
        assertThat(server.uris())
                .containsExactly(
                        "/sub/search?q=dragon+code&format=json&categories=general",
                        "/sub/search?q=dragon+code&format=json&categories=news");
    }

    @Test
    void anInstanceWithoutJsonIsReportedWithTheSolution() throws Exception {
        server.serve("/", 403, "text/html", "Forbidden");

        assertThat(webError(WebSearchTools.searxng(server.url()))).contains("add json to search.formats");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"results\":[{", "<html>", "", "{\"results\":[]} x {"})
    void malformedJsonIsRejected(String body) throws Exception {
        server.json("/", body);
        var tools = WebSearchTools.searxng(server.url());

        assertThat(webError(tools)).contains("127.0.0.1 responded with").contains("check the base URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"results\":5}", "{\"error\":\"x\"}", "null"})
    void jsonOfAnotherShapeIsRejected(String body) throws Exception {
        server.json("/", body);

        assertThat(webError(WebSearchTools.searxng(server.url()))).contains("without an array \"results\"");
        assertThat(webError(brave())).contains("without an array \"web.results\"");
        assertThat(newsError(brave())).contains("without an array \"results\"");
    }

    @ParameterizedTest
    @CsvSource({
        "429, wait before the next one",
        "500, try again later",
        "503, try again later",
        "404, check the base URL",
        "302, it redirects to"
    })
    void anErrorStatusIsReportedWithTheHostAndAdvice(int status, String advice) throws Exception {
        server.serve("/", status, "text/html", "<p>no</p>");

        for (var tools : new WebSearchTools[] {duckDuckGo(), brave(), WebSearchTools.searxng(server.url())}) {
            assertThat(webError(tools))
                    .contains("127.0.0.1 responded with status " + status)
                    .contains(advice);
            assertThat(newsError(tools)).contains("status " + status).contains(advice);
        }
    }

    @Test
    void aResponseThatIsTooLongIsRejected() throws Exception {
        server.html("/html/", manyResults()).json("/search", "[" + "1,".repeat(5000) + "1]");

        assertThat(webError(WebSearchTools.builder()
                        .baseUrl(server.url())
                        .bodyLimit(1000)
                        .build()))
                .contains("127.0.0.1 responded with more than 1000 bytes")
                .contains("bodyLimit");
        assertThat(webError(WebSearchTools.builder()
                        .searxng(server.url())
                        .bodyLimit(1000)
                        .build()))
                .contains("more than 1000 bytes");
    }

    @Test
    void withoutANetworkTheOfflineToolsAreSuggested() throws Exception {
        server.close();

        for (var tools : new WebSearchTools[] {duckDuckGo(), brave(), WebSearchTools.searxng(server.url())}) {
            assertThat(webError(tools))
                    .contains(server.url())
                    .contains("the request to")
                    .contains("check the network, or use WebSearchTools.offline()")
                    .doesNotContain(KEY);
        }
        assertThat(webError(WebSearchTools.searxng("http://no-such-host.invalid")))
                .contains("no-such-host.invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"})
    void aRequestTimesOutAndItsConnectionIsClosed(String answer) throws Exception {
        try (var stuck = new StuckServer(answer)) {
            var tools = WebSearchTools.builder()
                    .searxng(stuck.url())
                    .timeout(Duration.ofMillis(300))
                    .build();

            assertThat(webError(tools)).contains("did not respond within 300 ms");
            assertThat(stuck.awaitClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'query':'  '} | \"query\" is blank",
                "{} | query",
                "{'query':'a','max_results':0} | \"max_results\" is 0: use a whole number from 1 to 50",
                "{'query':'a','max_results':51} | \"max_results\" is 51",
                "{'query':'a','max_results':-1} | \"max_results\" is -1",
                "{'query':'a','max_results':2.5} | max_results",
                "{'query':'a','max_results':'all'} | max_results"
            })
    void invalidArgumentsAreRejectedBeforeAnyRequest(String arguments, String message) throws Exception {
        assertThat(ToolRun.error(duckDuckGo(), "web_search", arguments.replace('\'', '"')))
                .contains(message);
        assertThat(ToolRun.error(duckDuckGo(), "search_news", arguments.replace('\'', '"')))
                .contains(message);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void theLengthOfAQueryIsLimited() throws Exception {
        assertThat(ToolRun.error(duckDuckGo(), "web_search", "{'query':'" + "a".repeat(401) + "'}"))
                .contains("\"query\" has 401 characters: use the most important words, at most 400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "ftp://example.org",
                "http://",
                "http://me:secret@example.org",
                "http://example.org?a=b",
                "http://a b"
            })
    void invalidBaseUrlsAreRejected(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSearchTools.searxng(url))
                .withMessageContaining("base URL")
                .withMessageNotContaining("secret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSearchTools.builder().baseUrl(url));
    }

    @Test
    void invalidSettingsAreRejected() {
        var builder = WebSearchTools.builder();

        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.connectTimeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.bodyLimit(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.userAgent("a\nb"));
    }

    @Test
    void userAgentAndConnectTimeoutCanBeSet() throws Exception {
        server.json("/search", "{\"results\":[]}");
        var tools = WebSearchTools.builder()
                .searxng(server.url())
                .userAgent("me")
                .connectTimeout(Duration.ofSeconds(3))
                .build();

        assertThat(web(tools)).isEmpty();
        assertThat(server.requests().getFirst().headers().getFirst("User-Agent"))
                .isEqualTo("me");
    }

    @Test
    void offlineResultsAreMarkedAsSamples() throws Exception {
        var tools = WebSearchTools.offline();

        var pages = json(ToolRun.result(tools, "web_search", "{'query':'virtual threads in Java','max_results':2}"));
        assertThat(pages).hasSize(2).allSatisfy(page -> {
            assertThat(page.fieldNames()).toIterable().containsExactly("title", "href", "body", "note");
            assertThat(page.path("note").asText()).contains("sample").contains("not found on the web");
        });
        assertThat(pages.get(0).path("title").asText()).contains("Virtual threads");
        assertThat(web(tools)).hasSize(5);
        assertThat(news(tools)).isNotEmpty().allSatisfy(found -> {
            assertThat(found.fieldNames())
                    .toIterable()
                    .containsExactly("date", "title", "body", "url", "image", "source", "note");
            assertThat(found.path("note").asText()).contains("sample");
        });
        var titles = web(tools)
                .valueStream()
                .map(page -> page.path("title").asText())
                .collect(Collectors.joining());
        assertThat(titles).containsIgnoringCase("dragon").containsIgnoringCase("code");
    }
}
