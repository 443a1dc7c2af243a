package dev.rein.testkit;

import dev.rein.model.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Defines how {@link FakeProvider} or {@link ScriptedModel} answers one request. Immutable: each method returns a changed copy, and a script
 * can be played any number of times, also concurrently. Scripts work for every {@link ProviderFormat}, streamed or not.
 *
 * {@snippet :
 * provider.enqueue(Script.text("Let me look that up.").toolCall("search", "{\"query\":\"dragons\"}"));
 * provider.enqueue(Script.text("Once upon a time there was a dragon").dripEvery(Duration.ofMillis(20)).hangAfter(5));
 * provider.enqueue(Script.status(429, "slow down").retryAfter(Duration.ofSeconds(60)));
 * }
 *
 * A <em>token</em> is one delta of the stream: a part of the text, of the reasoning, or of a tool call's arguments.
 */
public final class Script {
    private static final Pattern BEFORE_SPACE = Pattern.compile("(?<=\\S)(?=\\s)");
    private static final int FRAGMENT_LENGTH = 8;
    private static final int MAX_BODY = 1 << 20;

    private List<ScriptStep> steps = List.of();
    private TreeMap<Long, ScriptStep> afterTokens = new TreeMap<>();
    private @Nullable HangPoint hangPoint;
    private Duration drip = Duration.ZERO;
    private int status = 200;
    private @Nullable String errorMessage;
    private @Nullable String body;
    private @Nullable String contentType;
    private boolean exact;
    private @Nullable Duration retryAfter;
    private @Nullable Usage usage;
    private boolean withUsage = true;
    private @Nullable String finishReason;

    private Script() {}

    /** An empty answer, to which steps can be added. */
    public static Script empty() {
        return new Script();
    }

    /** Text that is split into tokens before each space; joined together, the tokens are exactly this text. */
    public static Script text(String text) {
        return empty().thenText(text);
    }

    /** Text that consists of exactly these tokens. */
    public static Script tokens(String... tokens) {
        return empty().thenTokens(tokens);
    }

    /**
     * An answer with one tool call and no text.
     *
     * @param arguments a JSON object, or anything else to simulate a faulty model
     */
    public static Script toolCall(String name, String arguments) {
        return empty().thenToolCall(name, arguments);
    }

    /** Endless text {@code word1 word2 ...}, until the client closes its connection. */
    public static Script forever(Duration every) {
        return empty().dripEvery(every).forever();
    }

    /** Hangs until the client closes its connection or {@link Exchange#release()} is called, and then answers "released". */
    public static Script hangs(HangPoint point) {
        return text("released").hangAt(point);
    }

    /** An error with this message, in the format of the provider's API. */
    public static Script status(int status, String message) {
        requireError(status);
        return empty().with(s -> {
            s.status = status;
            s.errorMessage = message;
        });
    }

    /** An error with exactly this body, such as the HTML page of a proxy. */
    public static Script errorBody(int status, String body) {
        requireError(status);
        return whole(status, body.startsWith("{") ? ScriptedResponse.JSON : ScriptedResponse.HTML, body);
    }

    /**
     * A success, status 200, with exactly this body instead of a stream, such as the page of a proxy.
     *
     * @param contentType such as {@code text/html}
     * @param body may be empty
     */
    public static Script wholeBody(String contentType, String body) {
        return whole(200, contentType, body);
    }

    private static Script whole(int status, String contentType, String body) {
        if (body.length() > MAX_BODY) {
            throw new IllegalArgumentException(
                    "the body has " + body.length() + " characters: the maximum is " + MAX_BODY);
        }
        return empty().with(s -> {
            s.status = status;
            s.contentType = contentType;
            s.body = body;
        });
    }

    /**
     * A stream with exactly these events, and nothing before, between and after them. It can play any server, in good order and in bad, for
     * example as recorded. A stream that is to end with {@code [DONE]} has it as its last event.
     *
     * {@snippet :
     * Script.events("{\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}", "[DONE]");
     * Script.events("{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}").thenEvent("error", "{\"code\":429}");
     * }
     *
     * @param data the data of each event
     */
    public static Script events(String... data) {
        var script = empty().with(s -> s.exact = true);
        for (var each : data) {
            script = script.thenEvent(each);
        }
        return script;
    }

    private static void requireError(int status) {
        if (status < 300 || status > 599) {
            throw new IllegalArgumentException(
                    "status is " + status + ": it must be from 300 to 599; for a success use text()");
        }
    }

    /** Adds text, split into tokens as by {@link #text(String)}. */
    public Script thenText(String text) {
        return text.isEmpty() ? this : thenTokens(BEFORE_SPACE.split(text));
    }

    public Script thenTokens(String... tokens) {
        var added = new ArrayList<ScriptStep>(tokens.length);
        for (var token : tokens) {
            added.add(new ScriptStep.Text(token));
        }
        return then(added);
    }

    /** Adds reasoning, split into tokens. In chat completions its field is {@code reasoning_content}, as in vLLM. */
    public Script thenReasoning(String text) {
        if (text.isEmpty()) {
            return this;
        }
        var added = new ArrayList<ScriptStep>();
        for (var token : BEFORE_SPACE.split(text)) {
            added.add(new ScriptStep.Reasoning(token));
        }
        return then(added);
    }

    /**
     * Adds opaque data that the provider wants back with the message: in Anthropic's messages the signature of the reasoning before it, or
     * else a redacted block, for Gemini the signature of the next call or of the end. APIs without such data send nothing.
     */
    public Script thenOpaque(String data) {
        return then(List.of(new ScriptStep.Opaque(data)));
    }

    /** Adds a tool call whose arguments are sent in fragments. It gets a new id each time the script is played. */
    public Script thenToolCall(String name, String arguments) {
        return call(null, name, arguments);
    }

    /** Adds a tool call with the given id. */
    public Script thenToolCall(String id, String name, String arguments) {
        return call(id, name, arguments);
    }

    /** Adds endless tokens {@code word1 word2 ...}, until the client closes its connection. */
    public Script forever() {
        return then(List.of(new ScriptStep.Forever()));
    }

    /** Adds one text token of this many characters, in one event and one HTTP chunk. */
    public Script thenHugeToken(long characters) {
        if (characters < 1) {
            throw new IllegalArgumentException("characters is " + characters + ": it must be at least 1");
        }
        return then(List.of(new ScriptStep.Huge(characters)));
    }

    /** Adds text to the body unchanged: events with the blank line that ends each, parts of events, or lines that belong to none. */
    public Script thenRaw(String text) {
        return then(List.of(new ScriptStep.Raw(text)));
    }

    /** Adds an event with this data, of which each line becomes a line of the event. */
    public Script thenEvent(String data) {
        return thenRaw(event(data));
    }

    /** Adds an event with this name and data. */
    public Script thenEvent(String name, String data) {
        return thenRaw("event: " + name + "\n" + event(data));
    }

    private static String event(String data) {
        return "data: " + data.replace("\n", "\ndata: ") + "\n\n";
    }

    /** Adds an event whose data is not JSON. */
    public Script thenInvalidJson() {
        return thenRaw("data: {\"id\": \"broken\", \"choices\": [}\n\n");
    }

    /** Adds lines that are not server-sent events. */
    public Script thenMalformedEvent() {
        return thenRaw("<html>502 Bad Gateway</html>\n\ndataa {]\n\n");
    }

    /**
     * Fails in mid-stream with {@code response.failed}, in chat completions, Ollama and Gemini with an {@code error} in the data, in Anthropic's messages with
     * the event {@code error}.
     */
    public Script thenFail(String code, String message) {
        return then(List.of(new ScriptStep.Fail(code, message, false)));
    }

    /** Fails in mid-stream with the event {@code error}; in APIs that have only one form the same as {@link #thenFail}. */
    public Script thenErrorEvent(String code, String message) {
        return then(List.of(new ScriptStep.Fail(code, message, true)));
    }

    /** Closes the connection here, in the middle of the body. */
    public Script thenCut() {
        return then(List.of(new ScriptStep.Cut(false)));
    }

    /** Resets the connection here (RST). */
    public Script thenReset() {
        return then(List.of(new ScriptStep.Cut(true)));
    }

    /** Ends the body here by the rules of HTTP, without what ends a response. */
    public Script thenEndOfBody() {
        return then(List.of(new ScriptStep.EndOfBody()));
    }

    /** Sends nothing for this long. */
    public Script thenPause(Duration duration) {
        return then(List.of(new ScriptStep.Pause(duration)));
    }

    /** Hangs here until the client closes its connection or {@link Exchange#release()} is called. */
    public Script thenHang() {
        return then(List.of(new ScriptStep.Hang()));
    }

    /** Hangs at this point until the client closes its connection or {@link Exchange#release()} is called. */
    public Script hangAt(HangPoint point) {
        return with(s -> s.hangPoint = point);
    }

    /** Hangs when this number of tokens has been written. */
    public Script hangAfter(long tokens) {
        return after(tokens, new ScriptStep.Hang());
    }

    /** Closes the connection when this number of tokens has been written. */
    public Script cutAfter(long tokens) {
        return after(tokens, new ScriptStep.Cut(false));
    }

    /** Waits for this time before each token except the first. */
    public Script dripEvery(Duration pause) {
        if (pause.isNegative()) {
            throw new IllegalArgumentException("pause is " + pause + ": it must not be negative");
        }
        return with(s -> s.drip = pause);
    }

    /** The content type of a success. Default: that of the format's streams, or of its responses that are not streamed. */
    public Script contentType(String type) {
        return with(s -> s.contentType = type);
    }

    /** The usage to report. Default: one input token for four characters of the request, and the number of tokens written. */
    public Script usage(Usage reported) {
        return with(s -> s.usage = reported);
    }

    /** Reports no usage at all. */
    public Script withoutUsage() {
        return with(s -> s.withUsage = false);
    }

    /**
     * The finish reason, by the names of chat completions: {@code stop}, {@code length}, {@code content_filter}, {@code tool_calls}; each
     * API sends its own word for them, and any other as it is. In responses the second and third become {@code response.incomplete}.
     */
    public Script finishReason(String reason) {
        return with(s -> s.finishReason = reason);
    }

    /** Sends the header {@code Retry-After}, and also {@code Retry-After-Ms} if the time is not a whole number of seconds. */
    public Script retryAfter(Duration wait) {
        return with(s -> s.retryAfter = wait);
    }

    List<ScriptStep> steps() {
        return steps;
    }

    @Nullable
    ScriptStep afterTokens(long tokens) {
        return afterTokens.get(tokens);
    }

    boolean hangsAt(HangPoint point) {
        return hangPoint == point;
    }

    Duration drip() {
        return drip;
    }

    int status() {
        return status;
    }

    /** Whether it answers with a complete body instead of a stream. */
    boolean isWhole() {
        return body != null || errorMessage != null;
    }

    /** The complete body in the given format; only if {@link #isWhole()}. */
    String body(ProviderFormat format) {
        return body != null ? body : format.error(status, errorMessage == null ? "" : errorMessage);
    }

    /** The content type of the complete body. */
    String wholeType() {
        return contentType != null ? contentType : ScriptedResponse.JSON;
    }

    /** The content type of a stream; null for that of the format. */
    @Nullable
    String contentType() {
        return contentType;
    }

    /** Whether nothing is sent but the steps. */
    boolean isExact() {
        return exact;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    @Nullable
    Usage usage() {
        return usage;
    }

    boolean reportsUsage() {
        return withUsage;
    }

    @Nullable
    String finishReason() {
        return finishReason;
    }

    private Script call(@Nullable String id, String name, String arguments) {
        var added = new ArrayList<ScriptStep>();
        added.add(new ScriptStep.CallStart(id, name));
        for (var i = 0; i < arguments.length(); i += FRAGMENT_LENGTH) {
            added.add(new ScriptStep.CallArguments(
                    arguments.substring(i, Math.min(i + FRAGMENT_LENGTH, arguments.length()))));
        }
        return then(added);
    }

    private Script then(List<ScriptStep> added) {
        return with(s -> {
            var all = new ArrayList<>(steps);
            all.addAll(added);
            s.steps = List.copyOf(all);
        });
    }

    private Script after(long tokens, ScriptStep step) {
        if (tokens < 1) {
            throw new IllegalArgumentException(
                    "tokens is " + tokens + ": it must be at least 1; to hang before the first token use hangAt()");
        }
        return with(s -> {
            s.afterTokens = new TreeMap<>(afterTokens);
            s.afterTokens.put(tokens, step);
        });
    }

    private Script with(Consumer<Script> change) {
        var copy = new Script();
        copy.steps = steps;
        copy.afterTokens = afterTokens;
        copy.hangPoint = hangPoint;
        copy.drip = drip;
        copy.status = status;
        copy.errorMessage = errorMessage;
        copy.body = body;
        copy.contentType = contentType;
        copy.exact = exact;
        copy.retryAfter = retryAfter;
        copy.usage = usage;
        copy.withUsage = withUsage;
        copy.finishReason = finishReason;
        change.accept(copy);
        return copy;
    }
}
