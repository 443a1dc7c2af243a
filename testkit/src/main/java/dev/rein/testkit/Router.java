package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows what to do with each request. */
final class Router {
    private static final String RESPONSES = "/v1/responses";
    private static final Set<String> SCRIPTED = Set.of("/v1/chat/completions", RESPONSES);
    private static final Pattern STORED = Pattern.compile("/v1/responses/([^/]+)(/cancel)?");
    private static final String MODELS = "{\"object\":\"list\",\"data\":[{\"id\":\"fake-model\",\"object\":\"model\","
            + "\"created\":1700000000,\"owned_by\":\"fake-provider\"}]}";

    /**
     * A request, or a connection that is not read yet.
     *
     * @param script null if it is to be chosen by the request
     */
    record Arrival(Exchange exchange, @Nullable Script script) {}

    private final ScriptBook scripts;
    private final ExchangeLog log;
    private final @Nullable RemoteControl control;
    private final StoredResponses stored = new StoredResponses();

    /** @param control null for a provider that no other process controls */
    Router(ScriptBook scripts, ExchangeLog log, @Nullable RemoteControl control) {
        this.scripts = scripts;
        this.log = log;
        this.control = control;
    }

    /** Null if the connection is to be read. */
    synchronized @Nullable Arrival heldAtAccept() {
        var script = scripts.takeIfHeldAtAccept();
        return script == null ? null : new Arrival(log.add(null), script);
    }

    /** Counts a request and gives it its script. In one step, so that the n-th request gets the n-th script. */
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

    void answer(Arrival arrival, HttpOutput out) throws IOException {
        var exchange = arrival.exchange();
        var request = exchange.request();
        var reply = new Reply(exchange, out, false, false);
        if (!isScripted(request)) {
            answerPlainly(request, reply);
            return;
        }
        JsonNode body;
        Script script;
        try {
            body = request.body();
            script = arrival.script() == null ? scripts.choose(request) : arrival.script();
        } catch (RuntimeException e) {
            reply.error(400, "no script can be chosen: " + e);
            return;
        }
        var streamed = body.path("stream").asBoolean(false);
        if (request.path().equals(RESPONSES)) {
            respond(exchange, out, script, body, streamed);
        } else {
            new ScriptPlayer(new Reply(exchange, out, streamed, false), exchange, script, new ChatWire(body), body)
                    .play();
        }
    }

    StoredResponses stored() {
        return stored;
    }

    /** Ends what goes on without a connection. */
    void close() {
        stored.cutAll();
    }

    private void respond(Exchange exchange, HttpOutput out, Script script, JsonNode body, boolean streamed)
            throws IOException {
        var wire = new ResponsesWire(body);
        var reply = new Reply(exchange, out, streamed, wire.isBackground());
        if (!wire.isBackground()) {
            stored.add(wire, null);
            new ScriptPlayer(reply, exchange, script, wire, body).play();
            return;
        }
        var job = new Exchange(exchange.number(), System.nanoTime(), exchange.request());
        stored.add(wire, job);
        if (!streamed) {
            reply.whole(200, FixtureJson.write(wire.whole()), null);
        }
        new ScriptPlayer(reply, job, script, wire, body).play();
    }

    private void answerPlainly(ReceivedRequest request, Reply reply) throws IOException {
        var id = STORED.matcher(request.path());
        if (control != null && isControl(request)) {
            control.answer(request, reply);
        } else if (request.path().equals("/v1/models")) {
            reply.whole(200, MODELS, null);
        } else if (id.matches() && request.method().equals(id.group(2) == null ? "GET" : "POST")) {
            answerStored(stored.find(id.group(1)), id.group(2) != null, reply);
        } else {
            reply.error(
                    404,
                    "the fake provider does not serve " + request + ", only " + SCRIPTED + ", /v1/models"
                            + " and /v1/responses/{id}");
        }
    }

    private static void answerStored(StoredResponses.@Nullable Stored found, boolean cancel, Reply reply)
            throws IOException {
        if (found == null) {
            reply.error(404, "no response has this id");
            return;
        }
        if (cancel) {
            if (found.job() == null) {
                reply.error(400, "Cannot cancel a synchronous response.");
                return;
            }
            if (found.wire().cancel()) {
                found.job().cut();
            }
        }
        reply.whole(200, FixtureJson.write(found.wire().whole()), null);
    }

    private boolean isControl(ReceivedRequest request) {
        return control != null && RemoteControl.handles(request);
    }

    private static boolean isScripted(ReceivedRequest request) {
        return request.method().equals("POST") && SCRIPTED.contains(request.path());
    }
}
