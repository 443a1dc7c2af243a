package dev.rein.examples;

import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.rein.agent.Agent;
import dev.rein.langchain4j.LangChain4jModel;
import dev.rein.langchain4j.ReinHttpClientBuilder;
import dev.rein.run.event.RunContent;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.tool.Tool;

/**
 * A model of LangChain4j in an agent of Rein: it streams, calls a tool, and a stop closes its connection. Without {@code OPENAI_API_KEY} a
 * fake provider answers.
 */
public final class LangChain4jAgent {
    private LangChain4jAgent() {}

    /** What the model cannot know. */
    public static final class Library {
        @Tool("Lists the books that are lent out")
        public String lent() {
            return "Moby-Dick, due on Friday";
        }
    }

    /** The first argument is the model. */
    public static void main(String... args) {
        var model = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(new ReinHttpClientBuilder())
                .modelName(args.length > 0 ? args[0] : "gpt-4o-mini");
        var key = System.getenv("OPENAI_API_KEY");
        if (key != null) {
            var url = System.getenv("OPENAI_BASE_URL");
            ask(url == null ? model.apiKey(key) : model.apiKey(key).baseUrl(url));
            return;
        }
        System.out.println("A fake provider answers, because OPENAI_API_KEY is not set.");
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.toolCall("lent", "{}"), Script.text("Moby-Dick, until Friday."));
            ask(model.apiKey("none").baseUrl(provider.baseUrl()));
        }
    }

    private static void ask(OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder model) {
        var librarian = Agent.builder()
                .model(LangChain4jModel.of(model.build()))
                .tools(new Library())
                .instructions("Answer with the library's tools.")
                .build();
        try (var events = librarian.stream("Which books are lent out?")) {
            for (var event : events) {
                if (event instanceof RunContent content) {
                    System.out.print(content.content());
                }
            }
            System.out.println("\n" + Outcome.of(events.output()));
        }
    }
}
