package dev.rein.testkit;

import dev.rein.model.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Plays a script as the response to a request, on a separate thread, while the connection's thread waits for the client to close it. */
final class ScriptPlayer {

    /** Ends the script early: the client or the provider has closed the connection, or the response was cancelled. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super(null, null, false, false);
        }
    }

    private final ScriptedResponse response;
    private final Exchange exchange;
    private final Script script;
    private final ResponseEncoder encoder;
    private final ProviderFormat format;
    private boolean tokenSent;
    private boolean called;

    /** @param exchange controls the progress of the script: that of the response, or of a background response */
    ScriptPlayer(
            ScriptedResponse response,
            Exchange exchange,
            Script script,
            ResponseEncoder encoder,
            ProviderFormat format) {
        this.response = response;
        this.exchange = exchange;
        this.script = script;
        this.encoder = encoder;
        this.format = format;
    }

    void play() throws IOException {
        try {
            if (!exchange.wasHeldAtAccept()) {
                hangIf(HangPoint.AT_ACCEPT);
            }
            hangIf(HangPoint.BEFORE_HEADERS);
            if (script.isWhole()) {
                response.whole(script.status(), script.wholeType(), script.body(format), script.retryAfter());
            } else {
                playSteps();
            }
            exchange.completed();
        } catch (Stopped e) {
            response.abort(false);
        }
    }

    private void playSteps() throws IOException, Stopped {
        response.setContentType(script.contentType());
        if (response.isStreamed() || script.isExact() || script.hangsAt(HangPoint.AFTER_HEADERS)) {
            response.head();
        }
        hangIf(HangPoint.AFTER_HEADERS);
        if (!script.isExact()) {
            send(encoder.begin());
        }
        hangIf(HangPoint.BEFORE_FIRST_TOKEN);
        for (var step : script.steps()) {
            if (step instanceof ScriptStep.Fail fail) {
                fail(fail);
                return;
            }
            if (step instanceof ScriptStep.EndOfBody) {
                response.end("", FixtureJson.write(encoder.whole()));
                return;
            }
            play(step);
        }
        if (script.isExact()) {
            response.end("", "");
        } else {
            end();
        }
    }

    private void play(ScriptStep step) throws IOException, Stopped {
        switch (step) {
            case ScriptStep.Text text -> token(() -> encoder.text(text.token()));
            case ScriptStep.Reasoning reasoning -> token(() -> encoder.reasoning(reasoning.token()));
            case ScriptStep.Opaque opaque -> send(encoder.opaque(opaque.data()));
            case ScriptStep.CallStart call -> {
                called = true;
                send(encoder.callStart(call.id() == null ? Ids.fresh("call_") : call.id(), call.name()));
            }
            case ScriptStep.CallArguments arguments -> token(() -> encoder.callArguments(arguments.fragment()));
            case ScriptStep.Huge huge -> token(() -> encoder.text(HttpResponseWriter.huge(huge.characters())));
            case ScriptStep.Forever _ -> forever();
            case ScriptStep.Hang _ -> hang();
            case ScriptStep.Pause pause -> pause(pause.duration());
            case ScriptStep.Cut cut -> {
                exchange.cut();
                response.abort(cut.reset());
                throw new Stopped();
            }
            case ScriptStep.Raw raw -> response.raw(raw.text());
            case ScriptStep.Fail _, ScriptStep.EndOfBody _ ->
                throw new IllegalStateException("ends of the response are handled by playSteps()");
        }
    }

    private void forever() throws IOException, Stopped {
        for (var word = 1L; ; word++) {
            var token = "word" + word + " ";
            token(() -> encoder.text(token));
        }
    }

    private void token(Supplier<String> events) throws IOException, Stopped {
        if (tokenSent) {
            pause(script.drip());
        }
        tokenSent = true;
        send(events.get());
        exchange.tokenWritten();
        if (exchange != response.exchange()) {
            response.token();
        }
        var then = script.afterTokens(exchange.tokensWritten());
        if (then != null) {
            play(then);
        }
    }

    private void end() throws IOException {
        var reason = script.finishReason();
        if (reason == null) {
            reason = called ? "tool_calls" : "stop";
        }
        var usage = script.usage();
        if (usage == null) {
            usage = Usage.of(1 + exchange.request().bodyLength() / 4, exchange.tokensWritten());
        }
        var events = encoder.end(reason, usage, script.reportsUsage());
        response.end(events, FixtureJson.write(encoder.whole()));
    }

    private void fail(ScriptStep.Fail fail) throws IOException {
        var events = encoder.fail(fail.code(), fail.message(), fail.event());
        if (response.isStreamed()) {
            response.end(events, "");
        } else {
            response.error(500, fail.message());
        }
    }

    private void send(String events) throws IOException, Stopped {
        pause(Duration.ZERO);
        response.events(events);
    }

    private void hangIf(HangPoint point) throws Stopped {
        if (script.hangsAt(point)) {
            hang();
        }
    }

    private void hang() throws Stopped {
        if (!exchange.hang()) {
            throw new Stopped();
        }
    }

    private void pause(Duration duration) throws Stopped {
        if (!exchange.pause(duration)) {
            throw new Stopped();
        }
    }
}
