package dev.rein.cli.offline;

import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A model without a server. Asked for anything, it tells a story; asked with tools, it first calls the first of them; asked
 * for a typed answer, it gives one that fits the schema. It writes at the pace it was given, so there is time to stop it.
 */
public final class OfflineModel implements Model {
    private static final double CHARACTERS_PER_TOKEN = 4;
    private static final double FASTEST = 1_000_000;
    private static final Pattern WORD = Pattern.compile("\\S+\\s*|\\s+");

    private final double tokensPerSecond;

    /** @param tokensPerSecond how fast it writes: more than 0, at most a million */
    public OfflineModel(double tokensPerSecond) {
        if (!(tokensPerSecond > 0 && tokensPerSecond <= FASTEST)) {
            throw new IllegalArgumentException("the offline model's pace is " + tokensPerSecond
                    + " tokens a second: give more than 0 and at most " + (long) FASTEST);
        }
        this.tokensPerSecond = tokensPerSecond;
    }

    @Override
    public String id() {
        return "offline-story";
    }

    @Override
    public String provider() {
        return "Offline";
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        var input = tokens(request.messages().stream()
                .mapToInt(message -> message.content().length())
                .sum());
        var last = request.messages().isEmpty()
                ? Message.user("")
                : request.messages().getLast();
        if (!request.tools().isEmpty() && last.role() != Role.TOOL) {
            return callTool(request, last.content(), input, call);
        }
        var schema = request.outputSchema();
        if (schema != null) {
            return write(Examples.of(schema.schema(), last.content()).toString(), input, call);
        }
        return write(last.role() == Role.TOOL ? answerFrom(last) : Story.text(), input, call);
    }

    private ModelResponse callTool(ModelRequest request, String question, long input, ModelCall call) {
        var tool = request.tools().getFirst();
        var arguments = Examples.of(tool.parameters(), question).toString();
        call.cancellation().sleep(timeFor(arguments.length()));
        call.progress(arguments.length());
        var usage = Usage.of(input, tokens(arguments.length()));
        call.usage(usage);
        var toolCall = new ToolCall("call_" + UUID.randomUUID(), tool.name(), arguments);
        return new ModelResponse("", null, List.of(toolCall), usage, "tool_calls");
    }

    private ModelResponse write(String text, long input, ModelCall call) {
        var words = WORD.matcher(text);
        while (words.find()) {
            call.cancellation().sleep(timeFor(words.group().length()));
            call.text(words.group());
        }
        var usage = Usage.of(input, tokens(text.length()));
        call.usage(usage);
        return new ModelResponse(text, null, List.of(), usage, "stop");
    }

    private static String answerFrom(Message result) {
        return "I called " + result.toolName() + ", and " + (result.toolError() ? "it failed: " : "it answered: ")
                + result.content();
    }

    private Duration timeFor(int characters) {
        return Duration.ofNanos(Math.round(characters / CHARACTERS_PER_TOKEN / tokensPerSecond * 1e9));
    }

    private static long tokens(int characters) {
        return Math.round(Math.ceil(characters / CHARACTERS_PER_TOKEN));
    }
}
