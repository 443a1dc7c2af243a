package dev.rein.bench.provider;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Models that cost nothing, so that what is measured is the run. */
public final class Models {
    private Models() {}

    /** Answers at once. */
    public record Instant() implements Model {
        private static final ModelResponse RESPONSE = ModelResponse.of("Hello.");

        @Override
        public String id() {
            return "instant";
        }

        @Override
        public String provider() {
            return "bench";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            call.text(RESPONSE.text());
            return RESPONSE;
        }
    }

    /**
     * Calls a tool so often, one call a turn, then answers.
     *
     * @param tool the tool's name
     * @param arguments what it gives each time
     * @param calls how often
     */
    public record Leader(String tool, String arguments, int calls) implements Model {
        @Override
        public String id() {
            return "leader";
        }

        @Override
        public String provider() {
            return "bench";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            var results = request.messages().stream()
                    .filter(message -> message.role() == Role.TOOL)
                    .count();
            return results < calls
                    ? ModelResponse.of(List.of(new ToolCall("call-" + results, tool, arguments)))
                    : ModelResponse.of("Done.");
        }
    }

    /** Streams that many tokens as fast as they are taken. */
    public record Flood(int tokens) implements Model {
        @Override
        public String id() {
            return "flood";
        }

        @Override
        public String provider() {
            return "bench";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            for (var i = 0; i < tokens; i++) {
                call.text("word ");
            }
            return ModelResponse.of("");
        }
    }

    /** Waits until the run is stopped. */
    public record Silent(AtomicInteger waiting) implements Model {
        @Override
        public String id() {
            return "silent";
        }

        @Override
        public String provider() {
            return "bench";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            waiting.incrementAndGet();
            try {
                call.cancellation().await(new CompletableFuture<>(), null);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("a future that nobody completes has failed", e);
            }
            throw new IllegalStateException("a future that nobody completes was completed");
        }
    }
}
