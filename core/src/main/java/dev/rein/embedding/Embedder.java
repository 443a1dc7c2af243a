package dev.rein.embedding;

import dev.rein.cancel.Cancellation;
import dev.rein.internal.stop.ThreadCancellation;
import dev.rein.model.ModelException;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.Usage;
import dev.rein.run.RunContext;
import dev.rein.runtime.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds any number of texts with an {@link EmbeddingModel}: in requests of a limited size, one after the other, with retries, and
 * with checks of what the model returns. In a run, it stops with the run. Immutable and thread-safe.
 */
public final class Embedder {
    /** The maximum number of texts in one call. */
    public static final int MAX_TEXTS = 100_000;

    /** The maximum number of characters of a text. */
    public static final int MAX_CHARACTERS = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(Embedder.class);

    private final EmbeddingModel model;
    private final RetryPolicy retry;
    private final int batchSize;

    private Embedder(EmbeddingModel model, RetryPolicy retry, int batchSize) {
        this.model = Objects.requireNonNull(model, "model");
        this.retry = Objects.requireNonNull(retry, "retry");
        this.batchSize = batchSize;
    }

    /** An embedder with {@link RetryPolicy#DEFAULT} and the batches of the model. */
    public static Embedder of(EmbeddingModel model) {
        return new Embedder(model, RetryPolicy.DEFAULT, Integer.MAX_VALUE);
    }

    /** A copy with other retries. Only transient failures are retried, as with language models. */
    public Embedder retry(RetryPolicy policy) {
        return new Embedder(model, policy, batchSize);
    }

    /** A copy that sends at most so many texts in a request; never more than {@link EmbeddingModel#maxTexts()}. */
    public Embedder batchSize(int texts) {
        if (texts < 1) {
            throw new IllegalArgumentException("batchSize is " + texts + ": it must be at least 1");
        }
        return new Embedder(model, retry, texts);
    }

    /**
     * The vectors of texts, in their order. Half surrogate pairs in texts are replaced.
     *
     * @param texts may be empty; then no request is made
     * @throws IllegalArgumentException if there are too many texts, or one is blank or too long
     * @throws ModelException if the model fails after all retries, or returns vectors that are wrong. If the thread is interrupted outside
     *     of a run, of kind CONNECTION, and the thread's interrupt status is set.
     * @throws dev.rein.cancel.CancelledException if the run is stopped
     */
    public Embeddings embed(List<String> texts) {
        var checked = checked(texts);
        var context = RunContext.current();
        var cancellation = context == null ? ThreadCancellation.INSTANCE : context.cancellation();
        var batches = new Batches(checked, Math.min(batchSize, Math.max(1, model.maxTexts())));
        var vectors = new VectorCheck(model);
        Usage usage = null;
        for (var batch = batches.next(); !batch.isEmpty(); batch = batches.next()) {
            var response = respond(batch, cancellation, vectors);
            if (response.usage() != null) {
                usage = usage == null ? response.usage() : usage.plus(response.usage());
            }
        }
        return new Embeddings(vectors.all(), usage);
    }

    private Embeddings respond(List<String> batch, Cancellation cancellation, VectorCheck vectors) {
        for (var attempt = 1; ; attempt++) {
            cancellation.throwIfCancelled();
            try {
                var response = model.respond(batch, cancellation);
                cancellation.throwIfCancelled();
                vectors.add(batch, response);
                return response;
            } catch (ModelException e) {
                cancellation.throwIfCancelled();
                if (!e.isRetryable()
                        || attempt > retry.retries()
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                var delay = retry.delayWithJitter(attempt, e.retryAfter());
                LOG.debug("Embedding failed, next attempt in {} ms: {}", delay.toMillis(), e.getMessage());
                sleep(cancellation, delay);
            } catch (RuntimeException e) {
                // After a stop, what code throws is irrelevant.
                cancellation.throwIfCancelled();
                throw e;
            }
        }
    }

    private static void sleep(Cancellation cancellation, Duration delay) {
        cancellation.sleep(delay);
        if (Thread.currentThread().isInterrupted()) {
            throw new ModelException(
                    ModelException.Kind.CONNECTION, "The thread was interrupted while it waited for the next attempt");
        }
    }

    private static List<String> checked(List<String> texts) {
        if (texts.size() > MAX_TEXTS) {
            throw new IllegalArgumentException(
                    texts.size() + " texts are to be embedded: give at most " + MAX_TEXTS + " at once");
        }
        var checked = new ArrayList<String>(texts.size());
        for (var text : texts) {
            checked.add(checked(text, checked.size()));
        }
        return checked;
    }

    private static String checked(@Nullable String text, int index) {
        Objects.requireNonNull(text, () -> "text " + index + " is null");
        if (text.isBlank()) {
            throw new IllegalArgumentException("text " + index + " is blank, which no model can embed: leave it out");
        }
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("text " + index + " has " + text.length()
                    + " characters: split it into texts of at most " + MAX_CHARACTERS);
        }
        return OutgoingRequests.wellFormed(text);
    }
}
