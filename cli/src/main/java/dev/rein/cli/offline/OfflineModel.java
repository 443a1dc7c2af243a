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
import java.util.regex.Pattern;

/**
 * A model without a server. By default it tells a story. Given tools, it first calls the search tools, or else the
 * first tool; as a team leader it delegates the request to each member in turn; for a typed answer it returns a value
 * that matches the schema. It writes at a configured pace, so that there is time to cancel it.
 */
public final class OfflineModel implements Model {
    private static final double CHARACTERS_PER_TOKEN = 4;
    private static final double FAST = 400;
    private static final double FASTEST = 1_000_000;
    private static final Pattern WORD = Pattern.compile("\\S+\\s*|\\s+");

    private final double tokensPerSecond;

    /** A model that writes fast, for the examples, which find it as a service. */
    public OfflineModel() {
        this(FAST);
    }

    /** @param tokensPerSecond the writing pace: more than 0, at most a million */
    public OfflineModel(double tokensPerSecond) {
        if (!(tokensPerSecond > 0 && tokensPerSecond <= FASTEST)) {
            throw new IllegalArgumentException("the pace of the offline model is " + tokensPerSecond
                    + " tokens per second: must be more than 0 and at most " + (long) FASTEST);
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
        var calls = ToolScript.next(request);
        if (!calls.isEmpty()) {
            return callTools(calls, input, call);
        }
        var schema = request.outputSchema();
        if (schema != null) {
            return write(SchemaExamples.of(schema.schema(), last.content()).toString(), input, call);
        }
        return write(last.role() == Role.TOOL ? ToolResultSummary.of(request.messages()) : Story.text(), input, call);
    }

    private ModelResponse callTools(List<ToolCall> tools, long input, ModelCall call) {
        var written = 0;
        for (var tool : tools) {
            call.cancellation().sleep(timeFor(tool.arguments().length()));
            call.progress(tool.arguments().length());
            written += tool.arguments().length();
        }
        var usage = Usage.of(input, tokens(written));
        call.usage(usage);
        return new ModelResponse("", null, tools, usage, "tool_calls");
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

    private Duration timeFor(int characters) {
        return Duration.ofNanos(Math.round(characters / CHARACTERS_PER_TOKEN / tokensPerSecond * 1e9));
    }

    private static long tokens(int characters) {
        return Math.round(Math.ceil(characters / CHARACTERS_PER_TOKEN));
    }
}
