package dev.rein.embedding;

import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelException;
import java.util.List;

/**
 * A model that turns texts into vectors. Users call {@link #embed(String)} or {@link #embed(List)}; implementations make one request in
 * {@link #respond}. Retries, batches and checks belong to the {@link Embedder}. Implementations are immutable and thread-safe.
 */
public interface EmbeddingModel {

    /** The id of the model at its provider, such as {@code text-embedding-3-small}. */
    String id();

    /** The name of the provider, such as {@code OpenAI}. */
    String provider();

    /** The maximum number of texts in one request; at least 1. */
    default int maxTexts() {
        return 100;
    }

    /**
     * The number of dimensions of each vector; 0 if it is not known before. A response with another number fails.
     */
    default int dimensions() {
        return 0;
    }

    /**
     * Requests the vectors of some texts and blocks until they are complete. Before it blocks, an implementation registers an aborter with
     * {@code cancellation}; outside of runs nothing calls it, and an interrupt must end the wait.
     *
     * @param texts at least one and at most {@link #maxTexts()}, none blank
     * @return one vector for each text, in their order
     * @throws ModelException if the provider rejects the request, fails, or returns an unreadable response
     * @throws dev.rein.cancel.CancelledException if the run was cancelled
     */
    Embeddings respond(List<String> texts, Cancellation cancellation) throws ModelException;

    /**
     * The vector of a text; see {@link Embedder#embed(List)}.
     *
     * @throws ModelException if the model fails after all retries
     */
    default float[] embed(String text) {
        return embed(List.of(text)).vectors().getFirst();
    }

    /**
     * The vectors of texts, in their order; see {@link Embedder#embed(List)}.
     *
     * @param texts may be empty; then no request is made
     * @throws ModelException if the model fails after all retries
     */
    default Embeddings embed(List<String> texts) {
        return Embedder.of(this).embed(texts);
    }
}
