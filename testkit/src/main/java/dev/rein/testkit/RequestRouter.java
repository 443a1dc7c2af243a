package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Assigns a script to each request, and dispatches requests by their paths. */
final class RequestRouter {
    private static final String RESPONSES = "/v1/responses";
    private static final Set<String> SCRIPTED = Set.of("/v1/chat/completions", RESPONSES);
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
    private final StoredResponses stored = new StoredResponses();

    /** @param control null if the provider has no remote control */
    RequestRouter(ScriptQueue scripts, ExchangeLog log, @Nullable RemoteControl control) {
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
        return new Arrival(log.add(request), isScripted(request) ? scripts.poll() : null);
    }

    void answer(Arrival arrival, HttpResponseWriter out) throws IOException {
        var exchange = arrival.exchange();
        var request = exchange.request();
        var response = new ScriptedResponse(exchange, out, false, false);
        if (!isScripted(request)) {
            answerPlainly(request, response);
            return;
        }
        JsonNode body;
        Script script;
        try {
            body = request.body();
            script = arrival.script() == null ? scripts.choose(request) : arrival.script();
        } catch (RuntimeException e) {
            response.error(400, "choosing a script for the request failed: " + e);
            return;
        }
        var streamed = body.path("stream").asBoolean(false);
        if (request.path().equals(RESPONSES)) {
            respond(exchange, out, script, body, streamed);
        } else {
            new ScriptPlayer(
                            new ScriptedResponse(exchange, out, streamed, false),
                            exchange,
                            script,
                            new ChatEncoder(body),
                            body)
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

    private void respond(Exchange exchange, HttpResponseWriter out, Script script, JsonNode body, boolean streamed)
            throws IOException {
        var encoder = new ResponsesEncoder(body);
        var response = new ScriptedResponse(exchange, out, streamed, encoder.isBackground());
        if (!encoder.isBackground()) {
            stored.add(encoder, null);
            new ScriptPlayer(response, exchange, script, encoder, body).play();
            return;
        }
        var job = new Exchange(exchange.number(), System.nanoTime(), exchange.request());
        stored.add(encoder, job);
        if (!streamed) {
            response.whole(200, FixtureJson.write(encoder.whole()), null);
        }
        new ScriptPlayer(response, job, script, encoder, body).play();
    }

    private void answerPlainly(ReceivedRequest request, ScriptedResponse response) throws IOException {
        var id = STORED.matcher(request.path());
        if (control != null && isControl(request)) {
            control.answer(request, response);
        } else if (request.path().equals("/v1/models")) {
            response.whole(200, MODELS, null);
        } else if (id.matches() && request.method().equals(id.group(2) == null ? "GET" : "POST")) {
            answerStored(stored.find(id.group(1)), id.group(2) != null, response);
        } else {
            response.error(
                    404,
                    "the fake provider does not support " + request + ", only " + SCRIPTED + ", /v1/models"
                            + " and /v1/responses/{id}");
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
        response.whole(200, FixtureJson.write(found.encoder().whole()), null);
    }

    private boolean isControl(ReceivedRequest request) {
        return control != null && RemoteControl.handles(request);
    }

    private static boolean isScripted(ReceivedRequest request) {
        return request.method().equals("POST") && SCRIPTED.contains(request.path());
    }
}
