package dev.rein.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.rein.model.ModelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives one streamed response, on whatever threads LangChain4j reports it, and delivers it on the thread of the run. A stop cancels
 * the stream with its handle, which there is from the first part on, and ends the wait of the run in any case.
 */
final class StreamedAnswer implements StreamingChatResponseHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StreamedAnswer.class);

    private final DeliveredText call;
    private final Thread owner = Thread.currentThread();
    private final Mailbox<Part> parts = new Mailbox<>();
    private volatile boolean closed;
    private volatile @Nullable StreamingHandle handle;
    private @Nullable ChatResponse response;
    private @Nullable RuntimeException failure;

    private StreamedAnswer(DeliveredText call) {
        this.call = call;
    }

    /** Asks the model and waits for the end of its response. */
    static ChatResponse of(StreamingChatModel model, ChatRequest request, DeliveredText call) {
        var answer = new StreamedAnswer(call);
        try (var _ = call.cancellation().onCancel(answer::close)) {
            model.chat(request, answer);
            return answer.await();
        } finally {
            answer.close();
        }
    }

    private ChatResponse await() {
        try {
            while (response == null && failure == null) {
                var part = parts.take();
                if (part.isEmpty()) {
                    call.cancellation().throwIfCancelled();
                    throw new ModelException(ModelException.Kind.CONNECTION, "The stream of the model was closed");
                }
                part.get().deliver();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.cancellation().throwIfCancelled();
            throw new ModelException(
                    ModelException.Kind.CONNECTION,
                    "The thread was interrupted while it waited for the model",
                    0,
                    null,
                    null,
                    e);
        }
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(response);
    }

    private void close() {
        closed = true;
        parts.close();
        cancelStream();
    }

    private void cancelStream() {
        var stream = handle;
        if (stream != null && !stream.isCancelled()) {
            try {
                stream.cancel();
            } catch (RuntimeException e) {
                LOG.warn("LangChain4j could not cancel a stream", e);
            }
        }
    }

    /** Delivers at once on the thread of the run, where LangChain4j would swallow exceptions, otherwise by its mailbox. */
    private void deliver(Part part, boolean last) {
        if (!Thread.currentThread().equals(owner)) {
            if (!parts.put(part, last)) {
                cancelStream();
            }
        } else if (!closed && failure == null) {
            try {
                part.deliver();
            } catch (RuntimeException e) {
                failure = e;
                cancelStream();
            }
        }
    }

    private void opened(StreamingHandle stream) {
        handle = stream;
        if (closed) {
            cancelStream();
        }
    }

    @Override
    public void onPartialResponse(String text) {
        deliver(() -> call.text(text), false);
    }

    @Override
    public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
        opened(context.streamingHandle());
        onPartialResponse(part.text());
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
        deliver(() -> call.reasoning(thinking.text()), false);
    }

    @Override
    public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
        opened(context.streamingHandle());
        onPartialThinking(thinking);
    }

    @Override
    public void onPartialToolCall(PartialToolCall toolCall) {
        var characters = toolCall.partialArguments().length();
        deliver(() -> call.call().progress(characters), false);
    }

    @Override
    public void onPartialToolCall(PartialToolCall toolCall, PartialToolCallContext context) {
        opened(context.streamingHandle());
        onPartialToolCall(toolCall);
    }

    @Override
    public void onCompleteResponse(@Nullable ChatResponse complete) {
        if (complete == null) {
            onError(new ModelException(
                    ModelException.Kind.MALFORMED, "The model has ended its stream with null instead of a response"));
            return;
        }
        deliver(
                () -> {
                    if (failure == null) {
                        response = complete;
                    }
                },
                true);
    }

    @Override
    public void onError(Throwable error) {
        deliver(
                () -> {
                    if (response == null && failure == null) {
                        failure = error instanceof RuntimeException e ? e : new IllegalStateException(error);
                    }
                },
                true);
    }

    /** One part of the response, for the thread of the run. */
    @FunctionalInterface
    private interface Part {
        void deliver();
    }
}
