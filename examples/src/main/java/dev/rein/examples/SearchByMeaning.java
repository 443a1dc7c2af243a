package dev.rein.examples;

import dev.rein.embedding.EmbeddingModel;
import dev.rein.embedding.Embeddings;
import dev.rein.openai.OpenAIEmbeddings;
import dev.rein.testkit.FakeProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Finds the text that is closest to a question. Without {@code OPENAI_API_KEY} a fake provider makes the vectors, which count words. */
public final class SearchByMeaning {
    private static final List<String> NOTES = List.of(
            "The library opens at nine on weekdays.",
            "Bicycles can be borrowed at the station.",
            "The swimming pool is closed in winter.");

    private SearchByMeaning() {}

    /** The first argument is the question, the second one the model. */
    public static void main(String... args) {
        var question = args.length > 0 ? args[0] : "When is the library open?";
        var model = OpenAIEmbeddings.builder().id(args.length > 1 ? args[1] : "text-embedding-3-small");
        if (System.getenv("OPENAI_API_KEY") != null) {
            System.out.println(closest(question, model.build()));
            return;
        }
        System.out.println("A fake provider answers, because OPENAI_API_KEY is not set.");
        try (var provider = FakeProvider.start()) {
            System.out.println(
                    closest(question, model.baseUrl(provider.baseUrl()).build()));
        }
    }

    private static String closest(String question, EmbeddingModel model) {
        var notes = model.embed(NOTES);
        var vector = model.embed(question);
        var usage = Objects.requireNonNull(notes.usage(), "usage");
        System.out.println(notes + ", " + usage.inputTokens() + " tokens");
        return NOTES.stream()
                .max(Comparator.comparingDouble(
                        note -> Embeddings.similarity(notes.vectors().get(NOTES.indexOf(note)), vector)))
                .orElseThrow();
    }
}
