package dev.rein.openai;

import dev.rein.model.Model;
import dev.rein.testkit.ModelCapability;
import dev.rein.testkit.ModelContract;
import dev.rein.testkit.ProviderFormat;
import java.util.Set;

/** What every model must do, for chat completions. */
class OpenAIChatContractTest extends ModelContract {
    @Override
    protected ProviderFormat format() {
        return ProviderFormat.chatCompletions();
    }

    @Override
    protected Model model(String serverUrl, String id) {
        return OpenAIChat.builder()
                .id(id)
                .baseUrl(serverUrl + "/v1")
                .apiKey(Api.KEY)
                .build();
    }

    @Override
    protected Set<ModelCapability> missing() {
        // Not part of the API itself: servers differ in the members that they want back.
        return Set.of(ModelCapability.PROVIDER_DATA);
    }
}
