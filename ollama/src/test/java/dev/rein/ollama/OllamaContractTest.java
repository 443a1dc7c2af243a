package dev.rein.ollama;

import dev.rein.model.Model;
import dev.rein.testkit.ModelCapability;
import dev.rein.testkit.ModelContract;
import dev.rein.testkit.ProviderFormat;
import java.util.Set;

/** What every model must do. */
class OllamaContractTest extends ModelContract {
    @Override
    protected ProviderFormat format() {
        return ProviderFormat.ollamaChat();
    }

    @Override
    protected Model model(String serverUrl, String id) {
        return Ollama.builder().id(id).baseUrl(serverUrl).build();
    }

    @Override
    protected Set<ModelCapability> missing() {
        return Set.of(
                ModelCapability.IMAGE_URLS,
                ModelCapability.REASONING_TOKENS,
                ModelCapability.CACHED_TOKENS,
                ModelCapability.PROVIDER_DATA,
                ModelCapability.TOOL_CHOICE,
                ModelCapability.PARALLEL_TOOL_CALLS,
                ModelCapability.CONTENT_FILTER,
                ModelCapability.ERROR_CODES);
    }
}
