package dev.rein.openai;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Usage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records what a model reports. Like the kernel's implementation, it throws after a stop. */
final class RecordingModelCall implements ModelCall {

    final TestCancellation cancellation = new TestCancellation();
    final List<String> texts = new CopyOnWriteArrayList<>();
    final List<String> thoughts = new CopyOnWriteArrayList<>();
    final List<Usage> usages = new CopyOnWriteArrayList<>();
    final AtomicInteger progress = new AtomicInteger();
    final AtomicInteger progressReports = new AtomicInteger();

    /** Calls the model on a thread of the given kind; the future completes with its response or exception. */
    CompletableFuture<ModelResponse> start(Model model, ModelRequest request, Thread.Builder kind) {
        var result = new CompletableFuture<ModelResponse>();
        kind.start(() -> {
            try {
                result.complete(model.respond(request, this));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    String text() {
        return String.join("", texts);
    }

    @Override
    public TestCancellation cancellation() {
        return cancellation;
    }

    @Override
    public String runId() {
        return "test-run";
    }

    @Override
    public void text(String delta) {
        cancellation.throwIfCancelled();
        texts.add(delta);
    }

    @Override
    public void reasoning(String delta) {
        cancellation.throwIfCancelled();
        thoughts.add(delta);
    }

    @Override
    public void progress(int characters) {
        cancellation.throwIfCancelled();
        progress.addAndGet(characters);
        progressReports.incrementAndGet();
    }

    @Override
    public void usage(Usage usage) {
        cancellation.throwIfCancelled();
        usages.add(usage);
    }
}
