package dev.rein.agent;

import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelledException;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Pricing;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A model with scripted turns, which are played in their order; the last one is repeated. Records its requests.
 */
public final class TestModel implements Model {
    /** One response. */
    @FunctionalInterface
    public interface Turn {
        ModelResponse respond(ModelRequest request, ModelCall call) throws Exception;
    }

    private final String id;
    private final @Nullable Pricing pricing;
    private final List<Turn> turns;
    private final AtomicInteger next = new AtomicInteger();
    private final List<ModelRequest> requests = new CopyOnWriteArrayList<>();

    private TestModel(String id, @Nullable Pricing pricing, List<Turn> turns) {
        this.id = id;
        this.pricing = pricing;
        this.turns = turns;
    }

    public static TestModel of(Turn... turns) {
        return named("test-model", turns);
    }

    public static TestModel named(String id, Turn... turns) {
        return new TestModel(id, null, List.of(turns));
    }

    /** Returns a copy with prices. */
    public TestModel priced(double inputPerMillion, double outputPerMillion) {
        return new TestModel(id, new Pricing(inputPerMillion, outputPerMillion), turns);
    }

    // ---- turns

    /** Answers with the chunks, one delta each. */
    public static Turn says(String... chunks) {
        return (request, call) -> {
            for (var chunk : chunks) {
                call.text(chunk);
            }
            return ModelResponse.of(String.join("", chunks));
        };
    }

    /** Answers with the chunks, then hangs until it is stopped. */
    public static Turn saysAndHangs(String... chunks) {
        return (request, call) -> {
            says(chunks).respond(request, call);
            call.cancellation().sleep(Duration.ofHours(1));
            throw new AssertionError("nobody stopped this");
        };
    }

    /** Never answers. */
    public static Turn hangs() {
        return saysAndHangs();
    }

    public static Turn calls(ToolCall... calls) {
        return (request, call) -> ModelResponse.of(List.of(calls));
    }

    /** Calls tools without arguments; the call of the first tool has the id {@code c1}. */
    public static Turn calls(String... tools) {
        var number = new AtomicInteger();
        return calls(Arrays.stream(tools)
                .map(tool -> call("c" + number.incrementAndGet(), tool))
                .toArray(ToolCall[]::new));
    }

    public static ToolCall call(String id, String tool) {
        return new ToolCall(id, tool, "{}");
    }

    public static Turn fails(ModelException.Kind kind, String message) {
        return (request, call) -> {
            throw new ModelException(kind, message);
        };
    }

    /** Fails with 429 and a delay requested by the provider. */
    public static Turn rateLimited(@Nullable Duration retryAfter) {
        return (request, call) -> {
            throw new ModelException(ModelException.Kind.RATE_LIMIT, "slow down", 429, "{}", retryAfter, null);
        };
    }

    /** Returns the turn with a token count of the provider. */
    public static Turn counted(Usage usage, Turn turn) {
        return (request, call) -> {
            var response = turn.respond(request, call);
            return new ModelResponse(
                    response.text(), response.reasoning(), response.toolCalls(), usage, response.rawFinishReason());
        };
    }

    // ---- what it was asked

    public List<ModelRequest> requests() {
        return List.copyOf(requests);
    }

    /** The messages of one request, from 0. */
    public List<Message> asked(int request) {
        return Objects.requireNonNull(requests.get(request)).messages();
    }

    /** The last message of one request, from 0. */
    public Message told(int request) {
        return Objects.requireNonNull(asked(request).getLast());
    }

    /** Waits until the given number of requests has arrived. */
    public TestModel awaitRequests(int count) {
        await().atMost(Duration.ofMinutes(1))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> requests.size() >= count);
        return this;
    }

    // ---- the model

    @Override
    public String id() {
        return id;
    }

    @Override
    public String provider() {
        return "Test";
    }

    @Override
    public @Nullable Pricing pricing() {
        return pricing;
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        requests.add(request);
        var turn = Objects.requireNonNull(turns.get(Math.min(next.getAndIncrement(), turns.size() - 1)));
        try {
            return turn.respond(request, call);
        } catch (ModelException | CancelledException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
