package dev.rein.bench.provider;

/** What a run waits for when it is stopped. */
public enum State {
    BEFORE_HEADERS("before_headers", "{\"hangAt\":\"BEFORE_HEADERS\"}"),
    BEFORE_FIRST_TOKEN("before_first_token", "{\"hangAt\":\"BEFORE_FIRST_TOKEN\"}"),
    MID_STREAM("mid_stream", "{\"forever\":true,\"dripMillis\":5}");

    private final String text;
    private final String script;

    State(String text, String script) {
        this.text = text;
        this.script = script;
    }

    /** As rows call it. */
    public String text() {
        return text;
    }

    /** What makes the provider bring its clients there. */
    public String script() {
        return script;
    }
}
