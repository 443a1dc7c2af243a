package dev.rein.bench.tools;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import java.util.List;

/** A model that calls a tool at once. */
record CallingModel(String tool, String arguments) implements Model {
    @Override
    public String id() {
        return "calling";
    }

    @Override
    public String provider() {
        return "Bench";
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        return ModelResponse.of(List.of(new ToolCall("call-1", tool, arguments)));
    }
}
