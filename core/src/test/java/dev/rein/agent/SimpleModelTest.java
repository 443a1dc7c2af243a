package dev.rein.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.event.RunContent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A custom model that returns its answer without reporting deltas. */
class SimpleModelTest {
    private static final Model SIMPLE = new Model() {
        @Override
        public String id() {
            return "simple";
        }

        @Override
        public String provider() {
            return "none";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            return new ModelResponse("Hello", "why not", List.of(), null, "stop");
        }
    };

    @Test
    void itsAnswerIsDelivered() throws Exception {
        var run = Agent.of(SIMPLE, "").start("Hi");
        var output = Events.end(run);
        assertThat(output.text()).isEqualTo("Hello");
        assertThat(output.reasoning()).isEqualTo("why not");
        try (var events = run.events()) {
            assertThat(events).filteredOn(RunContent.class::isInstance).hasSize(1);
        }
    }
}
