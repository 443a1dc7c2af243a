package dev.rein.bench.walk;

import dev.rein.bench.walk.Journal.Code;
import dev.rein.bench.walk.Node.Turn;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.run.RunContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers as a plan says; each run of its component hears the same. Thread-safe. */
final class PlannedModel implements Model {
    private final String id;
    private final List<Turn> turns;
    private final UserCode code;
    private final Journal journal;
    private final Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();

    PlannedModel(String id, List<Turn> turns, UserCode code, Journal journal) {
        this.id = id;
        this.turns = turns;
        this.code = code;
        this.journal = journal;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String provider() {
        return "walk";
    }

    @Override
    @SuppressWarnings("NullAway") // A model that returns null is one of those that are tried.
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        journal.started(Code.MODEL, id, call.runId());
        var number =
                answered.computeIfAbsent(call.runId(), _ -> new AtomicInteger()).getAndIncrement();
        if (number >= turns.size()) {
            call.text("The end.");
            return ModelResponse.of("The end.");
        }
        var turn = turns.get(number);
        if (turn.actFirst() && perform(turn.act()) == null) {
            return null;
        }
        var text = String.join("", turn.chunks());
        if (turn.streamed()) {
            for (var chunk : turn.chunks()) {
                call.text(chunk);
                if (turn.pauseMicros() > 0) {
                    call.cancellation().sleep(Duration.ofNanos(turn.pauseMicros() * 1_000L));
                }
            }
        }
        if (!turn.actFirst() && perform(turn.act()) == null) {
            return null;
        }
        var calls = turn.calls().stream()
                .map(each -> new ToolCall(each.id(), each.tool(), each.arguments()))
                .toList();
        return new ModelResponse(text, null, calls, null, calls.isEmpty() ? "stop" : "tool_calls");
    }

    private @Nullable Object perform(Act act) {
        try {
            return code.perform(act, Objects.requireNonNull(RunContext.current()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // As an adapter does: what is checked becomes a failure that may be tried again.
            throw new ModelException(ModelException.Kind.SERVER, "the model fails", 500, null, null, e);
        }
    }
}
