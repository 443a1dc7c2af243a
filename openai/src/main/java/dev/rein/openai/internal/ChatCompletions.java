package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.rein.model.Message;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** Chat completions: one streamed request per response. Thread-safe. */
public final class ChatCompletions {

    private static final Settings ANY = new Settings("none", null, null, null, null, false);
    private static final WarmUp WARM_UP = new WarmUp(client -> send(
            client, new ChatRequests(ANY, true).of(ModelRequest.of(Message.system("none"), Message.user("none")))));

    private final Connection connection;
    private final ChatRequests requests;

    public ChatCompletions(Endpoint endpoint, Settings settings) {
        this.connection = new Connection(endpoint, WARM_UP);
        this.requests = new ChatRequests(settings, endpoint.isOpenAI());
    }

    public ModelResponse respond(ModelRequest request, ModelCall call) {
        var client = connection.client(call.cancellation());
        return new Streaming(connection.endpoint(), call.cancellation())
                .run(() -> send(client, requests.of(request)), new ChatAnswer(call));
    }

    private static void send(OpenAIClient client, ChatCompletionCreateParams params) {
        // Closes nothing: that is the exchange's.
        try (var _ = client.chat().completions().withRawResponse().createStreaming(params)) {}
    }
}
