package dev.rein.anthropic;

import dev.rein.model.Model;
import dev.rein.testkit.ModelCapability;
import dev.rein.testkit.ModelContract;
import dev.rein.testkit.ProviderFormat;
import java.util.Set;

/** What every model must do. */
class AnthropicContractTest extends ModelContract {
    @Override
    protected ProviderFormat format() {
        return ProviderFormat.anthropicMessages();
    }

    @Override
    protected Model model(String serverUrl, String id) {
        return AnthropicMessages.builder()
                .id(id)
                .baseUrl(serverUrl)
                .apiKey("sk-ant-0123456789")
                .build();
    }

    @Override
    protected Set<ModelCapability> missing() {
        return Set.of(ModelCapability.SEED);
    }
}
