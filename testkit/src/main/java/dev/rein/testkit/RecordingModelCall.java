package dev.rein.testkit;

import dev.rein.cancel.Cancellation;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Usage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link ModelCall} without a run, for tests of models: it records what the model reports. Like that of a run, it throws after a stop, and
 * runs the aborters on other threads; unlike it, it never interrupts. Thread-safe.
 *
 * {@snippet :
 * var call = new RecordingModelCall();
 * var response = call.start(model, ModelRequest.of(Message.user("Hello")), Thread.ofVirtual());
 * call.stop();
 * assertThat(response).failsWithin(Duration.ofSeconds(1));
 * }
 */
public final class RecordingModelCall implements ModelCall {
    static final String RUN_ID = "test-run";

    private final TestCancellation cancellation = new TestCancellation();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<String> thoughts = new CopyOnWriteArrayList<>();
    private final List<Usage> usages = new CopyOnWriteArrayList<>();
    private final AtomicInteger progress = new AtomicInteger();

    /** Calls the model on a thread of the given kind; the future completes with its response or exception. */
    public CompletableFuture<ModelResponse> start(Model model, ModelRequest request, Thread.Builder kind) {
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

    /** Stops the call: from now on its methods throw, and its aborters run. */
    public void stop() {
        cancellation.stop();
    }

    /** Number of aborters that are registered. */
    public int registrations() {
        return cancellation.registrations();
    }

    /** The deltas of the text so far. */
    public List<String> texts() {
        return List.copyOf(texts);
    }

    /** The text so far. */
    public String text() {
        return String.join("", texts);
    }

    /** The deltas of the reasoning so far. */
    public List<String> thoughts() {
        return List.copyOf(thoughts);
    }

    /** The reported counts of tokens. */
    public List<Usage> usages() {
        return List.copyOf(usages);
    }

    /** The sum of the characters that were reported as progress. */
    public int characters() {
        return progress.get();
    }

    @Override
    public Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public String runId() {
        return RUN_ID;
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
    }

    @Override
    public void usage(Usage usage) {
        cancellation.throwIfCancelled();
        usages.add(usage);
    }
}
