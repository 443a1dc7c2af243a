/**
 * Embeddings: vectors that stand for the meaning of texts. An {@link dev.rein.embedding.EmbeddingModel} makes one request; an
 * {@link dev.rein.embedding.Embedder} splits texts into requests, checks the vectors, and retries. Calls in a run are stopped with it,
 * others by an interrupt.
 */
@NullMarked
package dev.rein.embedding;

import org.jspecify.annotations.NullMarked;
