package dev.rein.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Lets another process set the scripts of a provider and read its exchanges. {@link FakeProviderMain} describes the requests. */
final class RemoteControl {
    private static final Set<String> PATHS =
            Set.of("/script", "/script/next", "/exchanges", "/counts", "/release", "/reset");

    /** More tokens than are sent between a client's stop and the moment at which the provider notices it. */
    private static final int MAX_TOKEN_TIMES = 64;

    private final FakeProvider provider;

    RemoteControl(FakeProvider provider) {
        this.provider = provider;
    }

    static boolean handles(ReceivedRequest request) {
        return PATHS.contains(request.path());
    }

    void answer(ReceivedRequest request, ScriptedResponse response) throws IOException {
        var wanted = Set.of("/exchanges", "/counts").contains(request.path()) ? "GET" : "POST";
        if (!request.method().equals(wanted)) {
            response.error(405, request.path() + " requires " + wanted + ", not " + request.method());
            return;
        }
        try {
            response.json(execute(request));
        } catch (IllegalArgumentException | IllegalStateException e) {
            response.error(400, String.valueOf(e.getMessage()));
        }
    }

    private String execute(ReceivedRequest request) {
        switch (request.path()) {
            case "/script" -> provider.byDefault(ScriptJson.read(request.body()));
            case "/script/next" -> provider.enqueue(ScriptJson.read(request.body()));
            case "/release" -> provider.release();
            case "/reset" -> provider.reset();
            case "/exchanges" -> {
                var all = FixtureJson.object();
                var list = all.putArray("exchanges");
                var query = List.of(request.query().split("&"));
                var withBodies = query.contains("bodies=true");
                var withTimes = query.contains("tokenTimes=true");
                provider.exchanges().forEach(exchange -> list.add(shown(exchange, withBodies, withTimes)));
                return FixtureJson.write(all);
            }
            case "/counts" -> {
                return FixtureJson.write(counts(provider.exchanges()));
            }
            default -> throw new IllegalStateException(request.path() + " is not handled");
        }
        return "{\"ok\":true}";
    }

    private ObjectNode counts(List<Exchange> exchanges) {
        var counts = FixtureJson.object()
                .put("requests", provider.requestCount())
                .put("openConnections", provider.openConnections())
                .put("hanging", exchanges.stream().filter(Exchange::isHanging).count());
        for (var outcome : Exchange.Outcome.values()) {
            counts.put(
                    outcome.name(),
                    exchanges.stream().filter(e -> e.outcome() == outcome).count());
        }
        counts.put("now", System.nanoTime());
        var closes = exchanges.stream()
                .filter(Exchange::isClosedByClient)
                .mapToLong(Exchange::closedAtNanos)
                .sorted()
                .toArray();
        if (closes.length > 0) {
            counts.put("firstClosedAtNanos", closes[0]);
            counts.put("lastClosedAtNanos", closes[closes.length - 1]);
        }
        return counts;
    }

    private static ObjectNode shown(Exchange exchange, boolean withBody, boolean withTimes) {
        var shown = FixtureJson.object()
                .put("number", exchange.number())
                .put("request", exchange.isRead() ? exchange.request().toString() : null)
                .put("outcome", exchange.outcome().name())
                .put("hanging", exchange.isHanging())
                .put("tokensWritten", exchange.tokensWritten())
                .put("arrivedAtNanos", exchange.arrivedAtNanos());
        if (exchange.isClosedByClient()) {
            shown.put("closedAtNanos", exchange.closedAtNanos());
        }
        if (withTimes) {
            var times = shown.putArray("lastTokensAtNanos");
            for (var time : exchange.lastTokenTimes(MAX_TOKEN_TIMES)) {
                times.add(time);
            }
        }
        if (withBody && exchange.isRead()) {
            shown.set("body", exchange.request().body());
        }
        return shown;
    }
}
