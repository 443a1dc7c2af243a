package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Plays one script to one request, on a thread of its own, while the connection's reader watches for the close. */
final class ScriptPlayer {

    /** Leaves the script: the client or the provider closed, or the response was cancelled. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super(null, null, false, false);
        }
    }

    private final Reply reply;
    private final Exchange pace;
    private final Script script;
    private final Wire wire;
    private final JsonNode body;
    private boolean tokenSent;

    /** @param pace what the script waits on: the reply's exchange, or that of a background response */
    ScriptPlayer(Reply reply, Exchange pace, Script script, Wire wire, JsonNode body) {
        this.reply = reply;
        this.pace = pace;
        this.script = script;
        this.wire = wire;
        this.body = body;
    }

    void play() throws IOException {
        try {
            if (!pace.wasHeldAtAccept()) {
                hangIf(HangPoint.AT_ACCEPT);
            }
            hangIf(HangPoint.BEFORE_HEADERS);
            var errorBody = script.errorBody();
            if (errorBody != null) {
                reply.whole(script.status(), errorBody, script.retryAfter());
            } else {
                playSteps();
            }
            pace.completed();
        } catch (Stopped e) {
            reply.abort(false);
        }
    }

    private void playSteps() throws IOException, Stopped {
        if (reply.isStreamed() || script.hangsAt(HangPoint.AFTER_HEADERS)) {
            reply.head();
        }
        hangIf(HangPoint.AFTER_HEADERS);
        send(wire.begin());
        hangIf(HangPoint.BEFORE_FIRST_TOKEN);
        for (var step : script.steps()) {
            if (step instanceof ScriptStep.Fail fail) {
                fail(fail);
                return;
            }
            play(step);
        }
        end();
    }

    private void play(ScriptStep step) throws IOException, Stopped {
        switch (step) {
            case ScriptStep.Text text -> token(() -> wire.text(text.token()));
            case ScriptStep.Reasoning reasoning -> token(() -> wire.reasoning(reasoning.token()));
            case ScriptStep.CallStart call ->
                send(wire.callStart(call.id() == null ? Ids.fresh("call_") : call.id(), call.name()));
            case ScriptStep.CallArguments arguments -> token(() -> wire.callArguments(arguments.fragment()));
            case ScriptStep.Huge huge -> token(() -> wire.text(HttpOutput.huge(huge.characters())));
            case ScriptStep.Forever _ -> forever();
            case ScriptStep.Hang _ -> hang();
            case ScriptStep.Pause pause -> pause(pause.duration());
            case ScriptStep.Cut cut -> {
                pace.cut();
                reply.abort(cut.reset());
                throw new Stopped();
            }
            case ScriptStep.Raw raw -> reply.raw(raw.text());
            case ScriptStep.Fail _ -> throw new IllegalStateException("a failure ends the script");
        }
    }

    private void forever() throws IOException, Stopped {
        for (var word = 1L; ; word++) {
            var token = "word" + word + " ";
            token(() -> wire.text(token));
        }
    }

    private void token(Supplier<String> events) throws IOException, Stopped {
        if (tokenSent) {
            pause(script.drip());
        }
        tokenSent = true;
        send(events.get());
        pace.tokenWritten();
        if (pace != reply.exchange()) {
            reply.token();
        }
        var then = script.afterTokens(pace.tokensWritten());
        if (then != null) {
            play(then);
        }
    }

    private void end() throws IOException {
        var reason = script.finishReason();
        if (reason == null) {
            reason = wire.hasCalls() ? "tool_calls" : "stop";
        }
        var usage = script.usage();
        if (usage == null) {
            usage = Usage.of(1 + pace.request().bodyLength() / 4, pace.tokensWritten());
        }
        var events = wire.end(reason, usage, script.reportsUsage());
        reply.end(events, FixtureJson.write(wire.whole()));
    }

    private void fail(ScriptStep.Fail fail) throws IOException {
        var events = wire.fail(fail.code(), fail.message(), fail.event());
        if (reply.isStreamed()) {
            reply.end(events, "");
        } else {
            reply.error(500, fail.message());
        }
    }

    private void send(String events) throws IOException, Stopped {
        pause(Duration.ZERO);
        reply.events(events);
    }

    private void hangIf(HangPoint point) throws Stopped {
        if (script.hangsAt(point)) {
            hang();
        }
    }

    private void hang() throws Stopped {
        if (!pace.hang()) {
            throw new Stopped();
        }
    }

    private void pause(Duration duration) throws Stopped {
        if (!pace.pause(duration)) {
            throw new Stopped();
        }
    }
}
