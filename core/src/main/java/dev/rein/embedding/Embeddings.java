package dev.rein.embedding;

import dev.rein.model.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of texts.
 *
 * @param vectors one for each text, in their order; the arrays must not be modified
 * @param usage the tokens counted by the provider; null if it sent no count
 */
public record Embeddings(List<float[]> vectors, @Nullable Usage usage) {
    public Embeddings {
        vectors = List.copyOf(vectors);
    }

    /** The number of dimensions of each vector; 0 if there are none. */
    public int dimensions() {
        return vectors.isEmpty() ? 0 : vectors.getFirst().length;
    }

    /**
     * How similar two vectors are: the cosine of the angle between them, from -1 to 1; 0 if one of them has no length.
     *
     * @throws IllegalArgumentException if their numbers of dimensions differ
     */
    public static double similarity(float[] one, float[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException("the vectors have " + one.length + " and " + other.length
                    + " dimensions: compare vectors of the same model");
        }
        var product = 0.0;
        var ofOne = 0.0;
        var ofOther = 0.0;
        for (var i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            ofOne += (double) one[i] * one[i];
            ofOther += (double) other[i] * other[i];
        }
        var lengths = Math.sqrt(ofOne) * Math.sqrt(ofOther);
        return lengths == 0 ? 0 : Math.clamp(product / lengths, -1, 1);
    }

    @Override
    public String toString() {
        return vectors.size() + " vectors of " + dimensions() + " dimensions";
    }
}
