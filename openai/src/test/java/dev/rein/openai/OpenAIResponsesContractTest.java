package dev.rein.openai;

import dev.rein.model.Model;
import dev.rein.testkit.ModelCapability;
import dev.rein.testkit.ModelContract;
import dev.rein.testkit.ProviderFormat;
import java.util.Set;

/** What every model must do, for the responses API. */
class OpenAIResponsesContractTest extends ModelContract {
    @Override
    protected ProviderFormat format() {
        return ProviderFormat.responses();
    }

    @Override
    protected Model model(String serverUrl, String id) {
        return OpenAIResponses.builder()
                .id(id)
                .baseUrl(serverUrl + "/v1")
                .apiKey(Api.KEY)
                .build();
    }

    @Override
    protected Set<ModelCapability> missing() {
        // The API has neither.
        return Set.of(ModelCapability.SEED, ModelCapability.STOP);
    }
}
