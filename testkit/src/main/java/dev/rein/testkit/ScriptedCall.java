package dev.rein.testkit;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Plays a script as the answer to a call of a {@link ScriptedModel}. Confined to one thread. */
final class ScriptedCall {
    private final Model model;
    private final Script script;
    private final ModelRequest request;
    private final ModelCall call;
    private final WaitingCalls waiting;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ArrayList<ToolCall> calls = new ArrayList<>();
    private ScriptStep.@Nullable CallStart open;
    private final StringBuilder arguments = new StringBuilder();
    private @Nullable ProviderData opaque;
    private long tokens;

    ScriptedCall(Model model, Script script, ModelRequest request, ModelCall call, WaitingCalls waiting) {
        this.model = model;
        this.script = script;
        this.request = request;
        this.call = call;
        this.waiting = waiting;
    }

    ModelResponse play() {
        call.cancellation().throwIfCancelled();
        for (var point : HangPoint.values()) {
            if (script.hangsAt(point)) {
                waiting.hang(call.cancellation());
            }
        }
        if (script.isWhole()) {
            throw new ModelException(
                    script.status() == 200 ? ModelException.Kind.MALFORMED : ModelException.kindOf(script.status()),
                    "The scripted model responds with status " + script.status()
                            + (script.status() == 200 ? ", but without a stream" : ""),
                    script.status(),
                    script.body(ProviderFormat.chatCompletions()),
                    script.retryAfter(),
                    null);
        }
        script.steps().forEach(this::play);
        endCall();
        return response();
    }

    private void play(ScriptStep step) {
        switch (step) {
            case ScriptStep.Text part -> text(part.token());
            case ScriptStep.Huge huge -> text("x".repeat(Math.toIntExact(huge.characters())));
            case ScriptStep.Forever _ -> {
                for (var word = 1L; ; word++) {
                    text("word" + word + " ");
                }
            }
            case ScriptStep.Reasoning part -> {
                beforeToken();
                reasoning.append(part.token());
                call.reasoning(part.token());
                afterToken();
            }
            case ScriptStep.CallStart start -> {
                endCall();
                open = start;
                call.progress(start.name().length());
            }
            case ScriptStep.CallArguments part -> {
                beforeToken();
                arguments.append(part.fragment());
                call.progress(part.fragment().length());
                afterToken();
            }
            case ScriptStep.Hang _ -> waiting.hang(call.cancellation());
            case ScriptStep.Pause pause -> call.cancellation().sleep(pause.duration());
            case ScriptStep.Opaque part ->
                opaque = ProviderData.of(
                        model, FixtureJson.MAPPER.getNodeFactory().textNode(part.data()));
            case ScriptStep.EndOfBody _ ->
                throw new ModelException(
                        ModelException.Kind.CONNECTION, "The scripted model ends its response before it is complete");
            case ScriptStep.Cut _ ->
                throw new ModelException(ModelException.Kind.CONNECTION, "The scripted model closes the connection");
            case ScriptStep.Raw raw ->
                throw new ModelException(
                        ModelException.Kind.MALFORMED, "The scripted model's response is malformed: " + raw.text());
            case ScriptStep.Fail fail ->
                throw new ModelException(ModelException.Kind.SERVER, fail.code() + ": " + fail.message());
        }
    }

    private void text(String token) {
        beforeToken();
        text.append(token);
        call.text(token);
        afterToken();
    }

    private void beforeToken() {
        if (tokens > 0 && !script.drip().isZero()) {
            call.cancellation().sleep(script.drip());
        }
    }

    private void afterToken() {
        tokens++;
        var then = script.afterTokens(tokens);
        if (then != null) {
            play(then);
        }
    }

    private void endCall() {
        var started = open;
        if (started != null) {
            var id = started.id() == null ? Ids.fresh("call_") : started.id();
            calls.add(new ToolCall(id, started.name(), arguments.toString()));
            arguments.setLength(0);
            open = null;
        }
    }

    private ModelResponse response() {
        Usage usage = null;
        if (script.reportsUsage()) {
            usage = script.usage();
            if (usage == null) {
                var characters = request.messages().stream()
                        .mapToInt(m -> m.content().length())
                        .sum();
                usage = Usage.of(1 + characters / 4, tokens);
            }
            call.usage(usage);
        }
        var reason = script.finishReason();
        if (reason == null) {
            reason = calls.isEmpty() ? "stop" : "tool_calls";
        }
        return new ModelResponse(
                        text.toString(), reasoning.isEmpty() ? null : reasoning.toString(), calls, usage, reason)
                .withProviderData(opaque);
    }
}
