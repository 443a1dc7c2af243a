package dev.rein.testkit;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAI-compatible server on a real socket of the loopback interface, which answers as its scripts say: it drips,
 * fails, cuts, hangs, and knows when the client closed. Serves chat completions, responses (background ones too) and the
 * list of models below {@link #baseUrl()}. Thread-safe.
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
 * <p>A request takes the next enqueued script; when there is none, the one that {@link #answerBy} chooses; when that is
 * null, the {@link #byDefault default}. Every request is kept, see {@link #exchanges()}.
 */
public final class FakeProvider implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ScriptBook scripts = new ScriptBook();
    private final ExchangeLog log;
    private final Router router;
    private final Server server;

    private FakeProvider(Builder settings) {
        log = new ExchangeLog(settings.kept);
        router = new Router(scripts, log, settings.remoteControl ? new RemoteControl(this) : null);
        server = new Server(settings.port, settings.backlog, settings.maxRequestBody, router);
    }

    /** Starts a provider on a free port. */
    public static FakeProvider start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The address to give to a client, such as {@code http://127.0.0.1:40123/v1}. */
    public String baseUrl() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    public int port() {
        return server.port();
    }

    /** Adds scripts for the next requests, one each. */
    public FakeProvider enqueue(Script... next) {
        scripts.enqueue(List.of(next));
        return this;
    }

    /** The script of requests that find nothing enqueued; a greeting unless changed. */
    public FakeProvider byDefault(Script script) {
        scripts.byDefault(script);
        return this;
    }

    /**
     * Chooses a script by the request; null leaves it to the default. Called on a thread of the connection, by several
     * at once.
     */
    public FakeProvider answerBy(Function<ReceivedRequest, @Nullable Script> chooser) {
        scripts.answerBy(chooser);
        return this;
    }

    /** All requests so far that were read, oldest first. */
    public List<ReceivedRequest> requests() {
        return exchanges().stream()
                .filter(Exchange::isRead)
                .map(Exchange::request)
                .toList();
    }

    /** All exchanges so far, oldest first; only the last {@link Builder#keep} of them. */
    public List<Exchange> exchanges() {
        return log.all();
    }

    /** How many requests came so far, those included that hang {@link HangPoint#AT_ACCEPT}. */
    public int requestCount() {
        return log.received();
    }

    /** The ids of the background responses that are kept, oldest first. */
    public List<String> backgroundResponses() {
        return router.stored().backgroundIds();
    }

    /**
     * How a background response goes on after the request that asked for it was answered: its tokens, where it hangs, how
     * it ended ({@link Exchange.Outcome#CUT} when it was cancelled).
     *
     * @throws IllegalArgumentException if there is no background response with this id
     */
    public Exchange background(String responseId) {
        var found = router.stored().find(responseId);
        if (found == null || found.job() == null) {
            throw new IllegalArgumentException(
                    "no background response has the id " + responseId + ": there are " + backgroundResponses());
        }
        return found.job();
    }

    /** Connections that are open on this side, idle ones included. */
    public int openConnections() {
        return server.openConnections();
    }

    /**
     * Waits until {@code number} requests have come.
     *
     * @param number counted from 1
     * @return the exchange with this number
     * @throws AssertionError if they do not come in time
     */
    public Exchange awaitRequest(int number, Duration atMost) {
        return log.await(number, atMost);
    }

    /** {@link #awaitRequest(int, Duration)} with 10 s. */
    public Exchange awaitRequest(int number) {
        return awaitRequest(number, PATIENCE);
    }

    /** Releases every exchange that hangs now. */
    public void release() {
        exchanges().stream().filter(Exchange::isHanging).forEach(Exchange::release);
    }

    /** Forgets scripts and exchanges, and counts from 1 again. Open connections stay open. */
    public void reset() {
        scripts.clear();
        log.clear();
    }

    /** Stops listening, closes every connection and waits until its threads have ended, 10 s at most. */
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

        private Builder() {}

        /** @param value 0, the default, for a free one */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /** How many connections may wait to be accepted, 1,024 by default; the kernel has a limit of its own. */
        public Builder backlog(int value) {
            backlog = value;
            return this;
        }

        /** The longest request body in bytes, 64 MiB by default; a longer one is answered with 413. */
        public Builder maxRequestBody(int bytes) {
            maxRequestBody = bytes;
            return this;
        }

        /** How many exchanges are kept, the last 20,000 by default. */
        public Builder keep(int exchanges) {
            kept = exchanges;
            return this;
        }

        /** Whether it obeys the control requests that {@link FakeProviderMain} describes; it does not unless told to. */
        public Builder remoteControl(boolean on) {
            remoteControl = on;
            return this;
        }

        public FakeProvider start() {
            return new FakeProvider(this);
        }
    }
}
