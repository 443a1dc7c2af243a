package dev.rein.embedding;

import dev.rein.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the vectors of all requests and refuses those that would spoil a search without being noticed. */
final class VectorCheck {
    private static final int MAX_DIMENSIONS = 100_000;

    private final EmbeddingModel model;
    private final List<float[]> vectors = new ArrayList<>();
    private int dimensions;

    VectorCheck(EmbeddingModel model) {
        this.model = model;
        dimensions = model.dimensions();
    }

    List<float[]> all() {
        return vectors;
    }

    /** @throws ModelException of kind MALFORMED */
    void add(List<String> texts, @Nullable Embeddings response) {
        if (response == null) {
            throw wrong("returned null");
        }
        if (response.vectors().size() != texts.size()) {
            throw wrong("returned " + response.vectors().size() + " vectors for " + texts.size() + " texts");
        }
        for (var i = 0; i < texts.size(); i++) {
            check(response.vectors().get(i), vectors.size() + i);
        }
        vectors.addAll(response.vectors());
    }

    private void check(float[] vector, int index) {
        if (vector.length == 0 || vector.length > MAX_DIMENSIONS) {
            throw wrong("returned a vector of " + vector.length + " dimensions for text " + index);
        }
        if (dimensions == 0) {
            dimensions = vector.length;
        }
        if (vector.length != dimensions) {
            throw wrong("returned a vector of " + vector.length + " dimensions for text " + index + " instead of "
                    + dimensions + (model.dimensions() == 0 ? ", which the first one has" : ", as was asked for"));
        }
        for (var value : vector) {
            if (!Float.isFinite(value)) {
                throw wrong("returned a vector that contains " + value + " for text " + index);
            }
        }
    }

    private ModelException wrong(String what) {
        return new ModelException(
                ModelException.Kind.MALFORMED,
                "The embedding model " + model.id() + " of " + model.provider() + " " + what);
    }
}
