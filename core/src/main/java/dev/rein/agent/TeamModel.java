package dev.rein.agent;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** Stands for the model of the team whose member an agent or a team is. */
enum TeamModel implements Model {
    INSTANCE;

    @Override
    public String id() {
        return "model-of-team";
    }

    @Override
    public String provider() {
        return "Team";
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        throw new IllegalStateException("the model of a team was called before the team had given it");
    }
}
