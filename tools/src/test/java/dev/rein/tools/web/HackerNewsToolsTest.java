package dev.rein.tools.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.CannedServer;
import dev.rein.tools.StuckServer;
import dev.rein.tools.ToolRun;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HackerNewsToolsTest {
    private static final String STORIES = "get_top_hackernews_stories";
    private static final String USER = "get_user_details";

    private CannedServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = new CannedServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private HackerNewsTools tools() {
        return HackerNewsTools.builder().baseUrl(server.url() + "/v0").build();
    }

    private void serveIds(int count) {
        server.json(
                "/v0/topstories.json",
                IntStream.rangeClosed(1, count).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]")));
    }

    private static String story(String path) {
        var id = path.replaceAll("\\D", "").substring(1);
        return """
            {"id":%s,"type":"story","by":"ember","title":"Story %s","url":"https://example.org/%s","score":10,
             "time":1772438400,"descendants":3,"kids":[5,6,7]}
            """.formatted(id, id, id);
    }

    private void serveStories() {
        server.serve("/v0/item/", 200, "application/json", HackerNewsToolsTest::story);
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void theToolsHaveTheNamesAndParametersThatModelsKnow() {
        var tools = ToolSpec.from(new HackerNewsTools()).stream()
                .collect(Collectors.toMap(
                        tool -> tool.definition().name(),
                        tool -> tool.definition().parameters()));

        assertThat(tools).containsOnlyKeys(STORIES, USER);
        assertThat(tools.get(STORIES).at("/properties").fieldNames())
                .toIterable()
                .containsExactly("num_stories");
        assertThat(tools.get(STORIES).path("required")).isEmpty();
        assertThat(tools.get(USER).at("/properties").fieldNames()).toIterable().containsExactly("username");
    }

    @Test
    void topStoriesAreReturnedInTheirOrderWithoutCommentIds() throws Exception {
        serveIds(500);
        serveStories();

        var stories = json(ToolRun.result(tools(), STORIES, "{'num_stories':2}"));

        assertThat(stories).isEqualTo(json("""
            [{"id":1,"type":"story","by":"ember","title":"Story 1","url":"https://example.org/1","score":10,
              "time":1772438400,"descendants":3},
             {"id":2,"type":"story","by":"ember","title":"Story 2","url":"https://example.org/2","score":10,
              "time":1772438400,"descendants":3}]
            """));
        assertThat(server.uris())
                .containsExactlyInAnyOrder("/v0/topstories.json", "/v0/item/1.json", "/v0/item/2.json");
        assertThat(server.requests())
                .allSatisfy(request ->
                        assertThat(request.headers().getFirst("User-Agent")).contains("rein"));
    }

    @Test
    void tenStoriesAreReturnedByDefault() throws Exception {
        serveIds(60);
        serveStories();

        assertThat(json(ToolRun.result(tools(), STORIES, "{}"))).hasSize(10);
        var fifty = json(ToolRun.result(tools(), STORIES, "{'num_stories':50}"));
        assertThat(fifty.valueStream().map(story -> story.path("id").asInt()))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    void sixStoriesAreFetchedConcurrently() throws Exception {
        serveIds(20);
        var six = new CountDownLatch(6);
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        server.serve("/v0/item/", 200, "application/json", path -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            six.countDown();
            assertThat(six.await(10, TimeUnit.SECONDS)).isTrue();
            now.decrementAndGet();
            return story(path);
        });

        assertThat(json(ToolRun.result(tools(), STORIES, "{'num_stories':20}"))).hasSize(20);
        assertThat(most).hasValue(6);
    }

    @Test
    void deletedStoriesAreOmitted() throws Exception {
        serveIds(4);
        server.serve(
                "/v0/item/",
                200,
                "application/json",
                path -> path.contains("/2.") || path.contains("/3.") ? "null" : story(path));

        assertThat(json(ToolRun.result(tools(), STORIES, "{}"))
                        .valueStream()
                        .map(story -> story.path("id").asInt()))
                .containsExactly(1, 4);
    }

    @Test
    void withoutStoriesAnEmptyListIsReturned() throws Exception {
        server.json("/v0/topstories.json", "[]");

        assertThat(ToolRun.result(tools(), STORIES, "{}")).isEqualTo("[]");
    }

    @Test
    void aUserIsReturnedWithTheNumberOfSubmittedItemsInsteadOfTheItems() throws Exception {
        server.json("/v0/user/ember_1-x.json", """
            {"id":"ember_1-x","karma":51,"about":"Teaches <i>dragons</i>","created":1420070400,"submitted":[1,2,3],"delay":0}
            """)
                .json("/v0/user/quiet.json", "{\"id\":\"quiet\",\"karma\":1,\"created\":2}");

        assertThat(json(ToolRun.result(tools(), USER, "{'username':' ember_1-x'}")))
                .isEqualTo(json("""
                    {"id":"ember_1-x","karma":51,"about":"Teaches <i>dragons</i>","created":1420070400,"total_items_submitted":3}
                    """));
        assertThat(json(ToolRun.result(tools(), USER, "{'username':'quiet'}")))
                .isEqualTo(json(
                        "{\"id\":\"quiet\",\"karma\":1,\"about\":null,\"created\":2,\"total_items_submitted\":0}"));
    }

    @Test
    void anUnknownUserIsReported() throws Exception {
        server.json("/v0/user/nobody.json", "null");

        assertThat(ToolRun.error(tools(), USER, "{'username':'nobody'}"))
                .contains("Hacker News has no user \"nobody\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../item/1", "a/b", "a?b", "a.json", "ü"})
    void invalidUserNamesAreRejected(String name) throws Exception {
        assertThat(ToolRun.error(tools(), USER, "{'username':'" + name + "'}"))
                .contains("\"username\" is \"" + name + "\"");
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0", "-3", "51", "1000000"})
    void numbersOfStoriesOutOfRangeAreRejected(int number) throws Exception {
        assertThat(ToolRun.error(tools(), STORIES, "{'num_stories':" + number + "}"))
                .contains("\"num_stories\" is " + number + ": use a whole number from 1 to 50");
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "429, wait before the next one",
        "500, try again later",
        "401, check the base URL",
        "301, it redirects to nowhere"
    })
    void anErrorStatusIsReportedWithTheHostAndAdvice(int status, String advice) throws Exception {
        server.serve("/", status, "text/html", "<p>no</p>");

        assertThat(ToolRun.error(tools(), STORIES, "{}"))
                .contains("127.0.0.1 responded with status " + status)
                .contains(advice);
        assertThat(ToolRun.error(tools(), USER, "{'username':'ember'}")).contains("status " + status);
    }

    @Test
    void aFailureToFetchOneStoryIsReported() throws Exception {
        serveIds(20);
        serveStories();
        server.serve("/v0/item/3.json", 500, "text/plain", "no");

        assertThat(ToolRun.error(tools(), STORIES, "{}")).contains("responded with status 500");
    }

    @ParameterizedTest
    @CsvSource({
        "'[1,2', invalid JSON",
        "<html>, invalid JSON",
        "'{}', not an array of ids",
        "'[\"a\"]', not an array of ids",
        "null, not an array of ids"
    })
    void aResponseOfAnotherShapeIsRejected(String body, String message) throws Exception {
        server.json("/v0/topstories.json", body);

        assertThat(ToolRun.error(tools(), STORIES, "{}")).contains("127.0.0.1").contains(message);
    }

    @Test
    void aUserOfAnotherShapeIsRejected() throws Exception {
        server.json("/v0/user/ember.json", "[1]");

        assertThat(ToolRun.error(tools(), USER, "{'username':'ember'}")).contains("JSON that is not a user");
    }

    @Test
    void aResponseThatIsTooLongIsRejected() throws Exception {
        serveIds(500);
        var tools = HackerNewsTools.builder()
                .baseUrl(server.url() + "/v0")
                .bodyLimit(100)
                .build();

        assertThat(ToolRun.error(tools, STORIES, "{}")).contains("more than 100 bytes");
    }

    @Test
    void withoutANetworkTheOfflineToolsAreSuggested() throws Exception {
        server.close();

        assertThat(ToolRun.error(tools(), STORIES, "{}"))
                .contains(server.url())
                .contains("check the network, or use HackerNewsTools.offline()");
    }

    @Test
    void fetchingAStoryTimesOut() throws Exception {
        try (var stuck = new StuckServer(
                6,
                path -> path.contains("topstories")
                        ? StuckServer.whole("application/json", "[1,2,3,4,5,6,7,8]")
                        : "")) {
            var tools = HackerNewsTools.builder()
                    .baseUrl(stuck.url())
                    .timeout(Duration.ofMillis(500))
                    .build();

            assertThat(ToolRun.error(tools, STORIES, "{}")).contains("did not respond within 500 ms");
            assertThat(stuck.awaitClosed()).isTrue();
        }
    }

    @Test
    void offlineResultsAreMarkedAsSamples() throws Exception {
        var tools = HackerNewsTools.offline();

        var stories = json(ToolRun.result(tools, STORIES, "{}"));
        assertThat(stories).isNotEmpty().allSatisfy(story -> {
            assertThat(story.fieldNames())
                    .toIterable()
                    .contains("title", "score", "by", "time", "id", "descendants", "note");
            assertThat(story.path("note").asText()).contains("sample");
            var author = json(ToolRun.result(
                    tools, USER, "{'username':'" + story.path("by").asText() + "'}"));
            assertThat(author.fieldNames())
                    .toIterable()
                    .containsExactly("id", "karma", "about", "created", "total_items_submitted", "note");
        });
        assertThat(json(ToolRun.result(tools, STORIES, "{'num_stories':1}"))).hasSize(1);
        assertThat(ToolRun.error(tools, USER, "{'username':'nobody'}")).contains("built-in samples");
    }
}
