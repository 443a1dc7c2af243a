package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Usage;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeProviderResponsesTest {
    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void streamsReasoningTextAndCallsAsItemsInOrder() throws Exception {
        provider.enqueue(Script.empty()
                .thenReasoning("Think first.")
                .thenText("I will look")
                .thenToolCall("call_1", "search", "{\"query\":\"dragons\"}")
                .usage(new Usage(10, 20, 5, 3)));

        var answer = TestClients.send(provider, "/responses", TestClients.RESPONSE);

        var events = TestClients.data(answer.body());
        assertThat(types(events))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(answer.body()).contains("event: response.completed\ndata: {");
        assertThat(events).extracting(e -> e.path("sequence_number").asInt()).isEqualTo(upTo(events.size()));
        assertThat(joined(events, "response.output_text.delta")).isEqualTo("I will look");
        assertThat(joined(events, "response.reasoning_summary_text.delta")).isEqualTo("Think first.");
        assertThat(joined(events, "response.function_call_arguments.delta")).isEqualTo("{\"query\":\"dragons\"}");

        var response = events.getLast().path("response");
        assertThat(response.path("status").asText()).isEqualTo("completed");
        assertThat(response.path("output"))
                .extracting(i -> i.path("type").asText())
                .containsExactly("reasoning", "message", "function_call");
        assertThat(response.at("/output/0/summary/0/text").asText()).isEqualTo("Think first.");
        assertThat(response.at("/output/1/content/0/text").asText()).isEqualTo("I will look");
        assertThat(response.at("/output/2/call_id").asText()).isEqualTo("call_1");
        assertThat(response.at("/output/2/arguments").asText()).isEqualTo("{\"query\":\"dragons\"}");
        assertThat(response.at("/usage/total_tokens").asInt()).isEqualTo(30);
        assertThat(response.at("/usage/output_tokens_details/reasoning_tokens").asInt())
                .isEqualTo(5);
    }

    @Test
    void reportsWhyAResponseIsIncomplete() throws Exception {
        provider.enqueue(Script.text("Once").finishReason("length"));

        var last = TestClients.data(TestClients.send(provider, "/responses", TestClients.RESPONSE)
                        .body())
                .getLast();

        assertThat(last.path("type").asText()).isEqualTo("response.incomplete");
        assertThat(last.at("/response/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
    }

    @Test
    void sendsACompleteResponseIfNotAskedToStreamAndStoresIt() throws Exception {
        provider.enqueue(Script.text("Hello there"));

        var whole = json(TestClients.send(provider, "/responses", TestClients.RESPONSE_WHOLE)
                .body());

        assertThat(whole.at("/output/0/content/0/text").asText()).isEqualTo("Hello there");
        var again = TestClients.get(provider, "/responses/" + whole.path("id").asText());
        assertThat(json(again.body())).isEqualTo(whole);
        assertThat(TestClients.get(provider, "/responses/resp_unknown").statusCode())
                .isEqualTo(404);
        assertThat(cancel(whole).statusCode()).as("it is not in the background").isEqualTo(400);
    }

    @Test
    void continuesInTheBackgroundAndCanBePolled() throws Exception {
        provider.enqueue(Script.text("one two three").dripEvery(Duration.ofMillis(5)));

        var queued =
                json(TestClients.send(provider, "/responses", background(false)).body());

        assertThat(queued.path("status").asText()).isEqualTo("queued");
        var done = awaitStatus(queued, "completed");
        assertThat(done.at("/output/0/content/0/text").asText()).isEqualTo("one two three");
        assertThat(done.at("/usage/output_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void stopsABackgroundResponseThatIsCancelled() throws Exception {
        provider.enqueue(Script.text("one two three").hangAfter(2));
        var queued =
                json(TestClients.send(provider, "/responses", background(false)).body());
        awaitText(queued, "one two");

        var cancelled = json(cancel(queued).body());

        assertThat(cancelled.path("status").asText()).isEqualTo("cancelled");
        assertThat(cancelled.at("/output/0/status").asText()).isEqualTo("incomplete");
        assertThat(cancelled.at("/output/0/content/0/text").asText()).isEqualTo("one two");
        assertThat(json(cancel(queued).body()))
                .as("a second time changes nothing")
                .isEqualTo(cancelled);
        assertThat(provider.requests()).anySatisfy(r -> assertThat(r.path()).endsWith("/cancel"));
    }

    @Test
    void aStreamedBackgroundResponseOutlivesItsConnection() throws Exception {
        provider.enqueue(Script.text("one two three").hangAfter(2).dripEvery(Duration.ofMillis(5)));
        var socket = TestClients.raw(provider, "/responses", background(true));
        var exchange = provider.awaitRequest(1).awaitTokens(2);
        socket.close();
        exchange.awaitClosed();

        var id = provider.backgroundResponses().getFirst();
        provider.background(id).release();

        var done = awaitStatus(FixtureJson.object().put("id", id), "completed");
        assertThat(done.at("/output/0/content/0/text").asText()).isEqualTo("one two three");
        assertThat(exchange.tokensWritten()).isEqualTo(2);
        assertThat(provider.background(id).awaitCompleted().tokensWritten()).isEqualTo(3);
    }

    private JsonNode awaitStatus(JsonNode response, String status) throws Exception {
        return await().until(() -> get(response), r -> r.path("status").asText().equals(status));
    }

    private void awaitText(JsonNode response, String text) throws Exception {
        await().until(
                        () -> get(response),
                        r -> r.at("/output/0/content/0/text").asText().equals(text));
    }

    private JsonNode get(JsonNode response) throws Exception {
        return json(
                TestClients.get(provider, "/responses/" + response.path("id").asText())
                        .body());
    }

    private HttpResponse<String> cancel(JsonNode response) throws Exception {
        return TestClients.send(provider, "/responses/" + response.path("id").asText() + "/cancel", "");
    }

    private static String background(boolean stream) {
        return "{\"model\":\"m\",\"input\":\"hi\",\"background\":true,\"stream\":" + stream + "}";
    }

    private static JsonNode json(String text) throws Exception {
        return FixtureJson.MAPPER.readTree(text);
    }

    /** The types of the events, without adjacent duplicates. */
    private static List<String> types(List<JsonNode> events) {
        return IntStream.range(0, events.size())
                .filter(i -> i == 0
                        || !events.get(i).path("type").equals(events.get(i - 1).path("type")))
                .mapToObj(i -> events.get(i).path("type").asText())
                .toList();
    }

    private static String joined(List<JsonNode> events, String type) {
        return String.join(
                "",
                events.stream()
                        .filter(e -> e.path("type").asText().equals(type))
                        .map(e -> e.path("delta").asText())
                        .toList());
    }

    private static List<Integer> upTo(int size) {
        return IntStream.range(0, size).boxed().toList();
    }
}
