package dev.rein.tools.internal.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Reads a body up to a maximum size and cancels the rest, so that an endless body takes neither time nor memory. */
public final class LimitedBody implements BodySubscriber<LimitedBody> {
    private final int limit;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CompletableFuture<LimitedBody> result = new CompletableFuture<>();
    private @Nullable Subscription subscription;
    private boolean truncated;

    LimitedBody(int limit) {
        this.limit = limit;
    }

    /** The bytes read so far; all of them when {@link #getBody} has completed. */
    public byte[] bytes() {
        return read.toByteArray();
    }

    /** Whether the body was longer than the limit. */
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public CompletionStage<LimitedBody> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (var buffer : buffers) {
            var bytes = new byte[Math.min(buffer.remaining(), limit - read.size())];
            buffer.get(bytes);
            read.writeBytes(bytes);
            if (buffer.hasRemaining() && !truncated) {
                truncated = true;
                Objects.requireNonNull(subscription).cancel();
                result.complete(this);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        result.complete(this);
    }
}
