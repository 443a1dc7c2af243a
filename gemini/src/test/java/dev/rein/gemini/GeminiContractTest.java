package dev.rein.gemini;

import dev.rein.model.Model;
import dev.rein.testkit.ModelCapability;
import dev.rein.testkit.ModelContract;
import dev.rein.testkit.ProviderFormat;
import java.util.Set;

/** What every model must do. */
class GeminiContractTest extends ModelContract {
    @Override
    protected ProviderFormat format() {
        return ProviderFormat.gemini();
    }

    @Override
    protected Model model(String serverUrl, String id) {
        return Gemini.builder().id(id).baseUrl(serverUrl).apiKey("key-of-mine").build();
    }

    @Override
    protected Set<ModelCapability> missing() {
        return Set.of(ModelCapability.PARALLEL_TOOL_CALLS);
    }
}
