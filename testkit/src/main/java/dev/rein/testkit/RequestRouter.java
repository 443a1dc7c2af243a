package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Assigns a script to each request, and dispatches requests by their paths. */
final class RequestRouter {
    private static final Pattern STORED = Pattern.compile("/v1/responses/([^/]+)(/cancel)?");
    private static final String MODELS = "{\"object\":\"list\",\"data\":[{\"id\":\"fake-model\",\"object\":\"model\","
            + "\"created\":1700000000,\"owned_by\":\"fake-provider\"}]}";

    /**
     * A request that has arrived, or a connection that is not read yet.
     *
     * @param script null if it is chosen by the content of the request
     */
    record Arrival(Exchange exchange, @Nullable Script script) {}

    private final ScriptQueue scripts;
    private final ExchangeLog log;
    private final @Nullable RemoteControl control;
    private final List<ProviderFormat> formats;
    private final StoredResponses stored = new StoredResponses();

    /**
     * @param formats the formats of the test, which come before those that are built in
     * @param control null if the provider has no remote control
     */
    RequestRouter(ScriptQueue scripts, ExchangeLog log, List<ProviderFormat> formats, @Nullable RemoteControl control) {
        this.formats = Stream.concat(
                        formats.stream(),
                        Stream.of(
                                ProviderFormat.chatCompletions(),
                                ProviderFormat.responses(),
                                ProviderFormat.anthropicMessages(),
                                ProviderFormat.ollamaChat(),
                                ProviderFormat.gemini(),
                                ProviderFormat.embeddings()))
                .toList();
        this.scripts = scripts;
        this.log = log;
        this.control = control;
    }

    /** The exchange for a connection that hangs before it is read; null if it is read at once. */
    synchronized @Nullable Arrival heldAtAccept() {
        var script = scripts.takeIfHeldAtAccept();
        return script == null ? null : new Arrival(log.add(null), script);
    }

    /** Counts a request and assigns its script, in one step, so that the n-th request gets the n-th script. */
    synchronized Arrival arrived(ReceivedRequest request, @Nullable Arrival held) {
        if (held != null) {
            held.exchange().arrived(request);
            return held;
        }
        if (isControl(request)) {
            return new Arrival(new Exchange(0, request.arrivedAtNanos(), request), null);
        }
        return new Arrival(log.add(request), formatOf(request) != null ? scripts.poll() : null);
    }

    void answer(Arrival arrival, HttpResponseWriter out) throws IOException {
        var exchange = arrival.exchange();
        var request = exchange.request();
        var format = formatOf(request);
        var plain = new ScriptedResponse(exchange, out, null, false);
        if (format == null) {
            answerPlainly(request, plain);
            return;
        }
        JsonNode body;
        Script script;
        try {
            body = request.body();
            script = arrival.script() == null ? scripts.choose(request) : arrival.script();
        } catch (RuntimeException e) {
            plain.error(400, "choosing a script for the request failed: " + e);
            return;
        }
        var streamType = format.isStreamed(request, body) ? format.contentType() : null;
        var encoder = format.encoder(request, body);
        if (encoder instanceof ResponsesEncoder stored) {
            respond(exchange, out, script, stored, streamType);
        } else {
            new ScriptPlayer(new ScriptedResponse(exchange, out, streamType, false), exchange, script, encoder, format)
                    .play();
        }
    }

    StoredResponses stored() {
        return stored;
    }

    /** Ends the background responses. */
    void close() {
        stored.cutAll();
    }

    private void respond(
            Exchange exchange,
            HttpResponseWriter out,
            Script script,
            ResponsesEncoder encoder,
            @Nullable String streamType)
            throws IOException {
        var response = new ScriptedResponse(exchange, out, streamType, encoder.isBackground());
        var format = ProviderFormat.responses();
        if (!encoder.isBackground()) {
            stored.add(encoder, null);
            new ScriptPlayer(response, exchange, script, encoder, format).play();
            return;
        }
        var job = new Exchange(exchange.number(), System.nanoTime(), exchange.request());
        stored.add(encoder, job);
        if (streamType == null) {
            response.json(FixtureJson.write(encoder.whole()));
        }
        new ScriptPlayer(response, job, script, encoder, format).play();
    }

    private void answerPlainly(ReceivedRequest request, ScriptedResponse response) throws IOException {
        var id = STORED.matcher(request.path());
        if (control != null && isControl(request)) {
            control.answer(request, response);
        } else if (request.path().equals("/v1/models")) {
            response.json(MODELS);
        } else if (id.matches() && request.method().equals(id.group(2) == null ? "GET" : "POST")) {
            answerStored(stored.find(id.group(1)), id.group(2) != null, response);
        } else {
            response.error(
                    404,
                    "the fake provider does not support " + request + ", only POST /v1/chat/completions,"
                            + " /v1/responses, /v1/embeddings, /v1/messages, /api/chat and generateContent, the paths of formats given to it, /v1/models and"
                            + " /v1/responses/{id}");
        }
    }

    private static void answerStored(StoredResponses.@Nullable Stored found, boolean cancel, ScriptedResponse response)
            throws IOException {
        if (found == null) {
            response.error(404, "there is no response with this id");
            return;
        }
        if (cancel) {
            if (found.job() == null) {
                response.error(400, "Cannot cancel a synchronous response.");
                return;
            }
            if (found.encoder().cancel()) {
                found.job().cut();
            }
        }
        response.json(FixtureJson.write(found.encoder().whole()));
    }

    private boolean isControl(ReceivedRequest request) {
        return control != null && RemoteControl.handles(request);
    }

    /** The format that answers a request; null if it is none for a response of the model. */
    @Nullable
    ProviderFormat formatOf(ReceivedRequest request) {
        return formats.stream()
                .filter(format -> format.serves(request))
                .findFirst()
                .orElse(null);
    }
}
