package dev.rein.load;

import java.io.IOException;

/** What a hostile client sends, many times. */
enum Attack {
    SILENT(true, ""),
    SLOW_HEADS(true, "GET /health HTTP/1.1\r\nHost: lo"),
    SLOW_BODIES(true, body("/agents/writer/runs", Attack.FORM, 100_000, "message=")),
    OVERSIZED_BODIES(true, body("/agents/writer/runs", Attack.FORM, Integer.MAX_VALUE, "message=" + "x".repeat(8_000))),
    SILENT_SOCKETS(true, """
            GET /workflows/ws HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
            \r
            """),
    UNREAD_STREAMS(true, RawClient.post("/agents/flood/runs", "message=hi")),
    UNREAD_ANSWERS(true, RawClient.get("/openapi.json").repeat(20)),
    MALFORMED_UPGRADES(
            false,
            "GET /workflows/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
    LARGE_HEADS(false, RawClient.get("/health?" + "x".repeat(20_000))),
    BLANK_PATHS(false, RawClient.get("/" + "%20".repeat(5_000))),
    MANY_FIELDS(false, RawClient.post("/agents/writer/runs", "message=hi" + "&f=1".repeat(20_000))),
    MANY_PARTS(
            false,
            RawClient.post(
                    "/agents/writer/runs",
                    "multipart/form-data; boundary=b",
                    "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx\r\n".repeat(2_000) + "--b--\r\n")),
    LONG_REASONS(false, RawClient.post("/agents/writer/runs/unknown/cancel", "reason=" + "x".repeat(100_000))),
    UNKNOWN_CANCELS(false, "") {
        @Override
        String request(int number) {
            return RawClient.post("/agents/writer/runs/unknown" + number + "/cancel", "reason=" + "x".repeat(1_000));
        }
    },
    LONG_IDS(false, RawClient.post("/agents/writer/runs", "message=hi&session_id=" + "x".repeat(100_000))),
    FORGED_IDS(false, RawClient.post("/agents/writer/runs", "message=hi&run_id=a%0A09:00+ERROR")),
    LONG_LISTS(
            false,
            RawClient.post(
                    "/memories", Attack.JSON, "{\"memory\":\"m\",\"topics\":[" + "\"t\",".repeat(20_000) + "\"t\"]}")),
    DEEP_JSON(false, RawClient.post("/memories", Attack.JSON, "{\"memory\":" + "[".repeat(50_000))),
    DEEP_STATES(
            false,
            RawClient.post(
                    "/agents/writer/runs",
                    "message=hi&session_state=" + "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000))),
    LARGE_INPUTS(
            false,
            RawClient.post(
                    "/agents/writer/runs",
                    "stream=false&background=true&session_id=large&message=" + "x".repeat(100_000))),
    LARGE_PAGES(false, RawClient.get("/sessions/large/runs?limit=2"));

    static final String FORM = "application/x-www-form-urlencoded";
    static final String JSON = "application/json";

    private final boolean held;
    private final String request;

    Attack(boolean held, String request) {
        this.held = held;
        this.request = request;
    }

    private static String body(String path, String type, int length, String begin) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + length + "\r\n\r\n" + begin;
    }

    /** Whether the connections stay open, and nothing is read from them. */
    boolean isHeld() {
        return held;
    }

    String request(int number) {
        return request;
    }

    /** The address of the client: each attack has its own, for it uses up its ports. */
    String address() {
        return "127.0.0." + (ordinal() + 2);
    }

    /** Makes one request on a connection of its own; returns the connection if it stays open. */
    RawClient once(int port, int number) throws IOException {
        var client = RawClient.connect(address(), port);
        try {
            client.send(request(number));
            if (!held) {
                client.head();
            }
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }
}
