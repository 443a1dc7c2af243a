package dev.rein.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model provider on the loopback interface, which answers according to scripts: it can delay tokens, fail, close the connection and
 * hang, and it records when the client closes the connection. It serves OpenAI's chat completions, responses (also in the background) and
 * list of models, Anthropic's messages, Ollama's chats, Gemini's generated content, and every {@link ProviderFormat} that it is given.
 * Thread-safe.
 *
 * {@snippet :
 * try (var provider = FakeProvider.start()) {
 *     provider.enqueue(Script.text("Once upon a time there was a dragon").hangAfter(3));
 *     var run = agentOn(provider.baseUrl()).start("Tell me a story");
 *     var exchange = provider.awaitRequest(1).awaitHanging();
 *     run.cancel();
 *     exchange.awaitClosed(Duration.ofSeconds(1));
 * }
 * }
 *
 * <p>The script of a request is the next one enqueued; if there is none, the one chosen by {@link #answerBy}; if that is null, the {@link
 * #byDefault default}. Requests are recorded, see {@link #exchanges()}.
 */
public final class FakeProvider implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScriptQueue scripts = new ScriptQueue();
    private final ExchangeLog log;
    private final RequestRouter router;
    private final ProviderServer server;

    private FakeProvider(Builder settings) {
        log = new ExchangeLog(settings.kept);
        router = new RequestRouter(
                scripts, log, settings.formats, settings.remoteControl ? new RemoteControl(this) : null);
        server = new ProviderServer(settings.port, settings.backlog, settings.maxRequestBody, router);
    }

    /** Starts a provider on a free port. */
    public static FakeProvider start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The base URL for OpenAI's clients, such as {@code http://127.0.0.1:40123/v1}. */
    public String baseUrl() {
        return url() + "/v1";
    }

    /** The URL without a path, such as {@code http://127.0.0.1:40123}. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return server.port();
    }

    /** Adds scripts for the next requests, one each. */
    public FakeProvider enqueue(Script... next) {
        scripts.enqueue(List.of(next));
        return this;
    }

    /** Sets the script of requests for which none is enqueued. Default: a greeting. */
    public FakeProvider byDefault(Script script) {
        scripts.byDefault(script);
        return this;
    }

    /**
     * Sets a function that chooses the script of a request for which none is enqueued; if it returns null, the default is used. It is
     * called by several threads concurrently.
     */
    public FakeProvider answerBy(Function<ReceivedRequest, @Nullable Script> chooser) {
        scripts.answerBy(chooser);
        return this;
    }

    /** All requests that have been read so far, oldest first. */
    public List<ReceivedRequest> requests() {
        return exchanges().stream()
                .filter(Exchange::isRead)
                .map(Exchange::request)
                .toList();
    }

    /** All exchanges so far, oldest first, limited to the most recent ones by {@link Builder#keep}. */
    public List<Exchange> exchanges() {
        return log.all();
    }

    /** Number of requests so far, including those that hang {@link HangPoint#AT_ACCEPT}. */
    public int requestCount() {
        return log.received();
    }

    /** The ids of the stored background responses, oldest first. */
    public List<String> backgroundResponses() {
        return router.stored().backgroundIds();
    }

    /**
     * The progress of a background response after its request was answered: its tokens, whether it hangs, and its outcome ({@link
     * Exchange.Outcome#CUT} if it was cancelled).
     *
     * @throws IllegalArgumentException if there is no background response with this id
     */
    public Exchange background(String responseId) {
        var found = router.stored().find(responseId);
        if (found == null || found.job() == null) {
            throw new IllegalArgumentException(
                    "there is no background response " + responseId + ": the ids are " + backgroundResponses());
        }
        return found.job();
    }

    /** Number of connections that are open on this side, including idle ones. */
    public int openConnections() {
        return server.openConnections();
    }

    /**
     * Waits until {@code number} requests have arrived.
     *
     * @param number counted from 1
     * @return the exchange with this number
     * @throws AssertionError after the timeout
     */
    public Exchange awaitRequest(int number, Duration atMost) {
        return log.await(number, atMost);
    }

    /** {@link #awaitRequest(int, Duration)} with 60 s. */
    public Exchange awaitRequest(int number) {
        return awaitRequest(number, PATIENCE);
    }

    /** Releases all exchanges that currently hang. */
    public void release() {
        exchanges().stream().filter(Exchange::isHanging).forEach(Exchange::release);
    }

    /** Removes all scripts and recorded exchanges, and counts from 1 again. Open connections stay open. */
    public void reset() {
        scripts.clear();
        log.clear();
    }

    /** The format of a request; null if it is none for a response of the model. */
    @Nullable
    ProviderFormat formatOf(ReceivedRequest request) {
        return router.formatOf(request);
    }

    /** Stops listening, closes all connections, and waits up to 60 s until all threads have ended. */
    @Override
    public void close() {
        server.close();
    }

    /** Settings of a provider. Not thread-safe. */
    public static final class Builder {
        private int port;
        private int backlog = 1024;
        private int maxRequestBody = 64 << 20;
        private int kept = 20_000;
        private boolean remoteControl;
        private final List<ProviderFormat> formats = new ArrayList<>();

        private Builder() {}

        /** @param value 0, the default, for any free port */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /** Maximum number of connections that wait to be accepted. Default: 1,024. The operating system has its own limit. */
        public Builder backlog(int value) {
            backlog = value;
            return this;
        }

        /** Maximum size of a request body in bytes; longer ones are rejected with status 413. Default: 64 MiB. */
        public Builder maxRequestBody(int bytes) {
            maxRequestBody = bytes;
            return this;
        }

        /** Number of most recent exchanges to keep. Default: 20,000. */
        public Builder keep(int exchanges) {
            kept = exchanges;
            return this;
        }

        /** Adds the format of a further API. It comes before those that are built in. */
        public Builder format(ProviderFormat format) {
            formats.add(Objects.requireNonNull(format, "format"));
            return this;
        }

        /** Whether to accept the control requests that {@link FakeProviderMain} describes. Default: false. */
        public Builder remoteControl(boolean on) {
            remoteControl = on;
            return this;
        }

        public FakeProvider start() {
            return new FakeProvider(this);
        }
    }
}
