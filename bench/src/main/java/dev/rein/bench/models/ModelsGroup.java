package dev.rein.bench.models;

import dev.rein.agent.Agent;
import dev.rein.anthropic.AnthropicMessages;
import dev.rein.bench.harness.MeasuredGroup;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.provider.CancelLatency;
import dev.rein.bench.provider.CancelLatency.Stopped;
import dev.rein.bench.provider.Setup;
import dev.rein.bench.provider.State;
import dev.rein.gemini.Gemini;
import dev.rein.model.Model;
import dev.rein.ollama.Ollama;
import dev.rein.openai.OpenAIResponses;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The group {@code models}: stops of runs whose models are of each provider. That of chat completions is in {@code kernel}. */
public final class ModelsGroup extends MeasuredGroup {
    public static final String NAME = "models";

    private static final String ID = "fake-model";

    /** @param cancels how many stops for each model and state */
    public ModelsGroup(int cancels) {
        this(cancels, new Setup());
    }

    private ModelsGroup(int cancels, Setup setup) {
        super(NAME, measurements(cancels, setup), setup::close);
    }

    private static List<Measurement> measurements(int cancels, Setup setup) {
        var all = new ArrayList<Measurement>();
        for (var stopped : List.of(
                stopped(
                        "openai_responses/",
                        url -> OpenAIResponses.builder()
                                .id(ID)
                                .apiKey("none")
                                .baseUrl(url)
                                .build()),
                stopped(
                        "anthropic/",
                        url -> AnthropicMessages.builder().id(ID).baseUrl(url).build()),
                stopped(
                        "gemini/",
                        url -> Gemini.builder()
                                .id(ID)
                                .apiKey("none")
                                .baseUrl(withoutVersion(url))
                                .build()),
                stopped(
                        "ollama/",
                        url -> Ollama.builder()
                                .id(ID)
                                .baseUrl(withoutVersion(url))
                                .build()))) {
            for (var state : State.values()) {
                all.add(new CancelLatency(NAME, stopped, state, cancels, setup));
            }
        }
        return all;
    }

    private static String withoutVersion(String url) {
        return url.substring(0, url.lastIndexOf('/'));
    }

    /** @param model gets the provider's URL, which ends in {@code /v1} */
    private static Stopped stopped(String name, Function<String, Model> model) {
        return new Stopped(
                name,
                setup -> Agent.builder()
                        .name("Bench Agent")
                        .model(model.apply(setup.provider().baseUrl().toString()))
                        .build());
    }
}
