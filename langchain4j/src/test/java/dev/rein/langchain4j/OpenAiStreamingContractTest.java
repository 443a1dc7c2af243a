package dev.rein.langchain4j;

import dev.rein.model.Model;
import dev.rein.testkit.ModelCapability;
import dev.rein.testkit.ModelContract;
import dev.rein.testkit.ProviderFormat;
import java.util.Set;

/** What every model must do, for LangChain4j's model of OpenAI with Rein's HTTP client. */
class OpenAiStreamingContractTest extends ModelContract {
    @Override
    protected ProviderFormat format() {
        return ProviderFormat.chatCompletions();
    }

    @Override
    protected Model model(String serverUrl, String id) {
        return TestModels.streaming(serverUrl, id);
    }

    @Override
    protected Set<ModelCapability> missing() {
        return TestModels.MISSING;
    }
}
