package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.ModelSettings;
import dev.rein.openai.ServerSettings;
import dev.rein.openai.ThinkTags;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a model sends with every request.
 *
 * @param model the model's id
 * @param address the server, as {@link dev.rein.http.ModelEndpoint#server()} writes it
 * @param server what the server expects
 * @param pathPrefix of the paths of requests: empty, or ends with a slash
 * @param defaults of the settings that a request does not set itself
 * @param without the names or paths of the members that are removed from the body
 * @param reasoningSummary the kind of summary to request; null for none; responses API only
 * @param background whether the provider generates in the background; responses API only
 * @param encryptedReasoning whether to ask for reasoning in the form in which it goes back; responses API only
 * @param thinkTags the tags around reasoning in the text; null if there are none
 */
public record RequestSettings(
        String model,
        String address,
        ServerSettings server,
        String pathPrefix,
        ModelSettings defaults,
        Set<String> without,
        @Nullable String reasoningSummary,
        boolean background,
        boolean encryptedReasoning,
        @Nullable ThinkTags thinkTags) {

    /** The {@link dev.rein.model.Model#provider()} of the models. */
    public static final String PROVIDER = "OpenAI";

    /** Adds the further members of the settings to the body, and removes what is not to be sent. */
    void complete(ObjectNode body, ModelSettings set) {
        ProviderJson.addMembers(body, set.extra());
        without.forEach(member -> ProviderJson.removeMember(body, member));
    }
}
