package dev.rein.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Models that report on threads of their own, as those of LangChain4j do that have other HTTP clients, and runs with real ones. */
class StreamingModelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Reports on another thread. */
    private static LangChain4jModel model(Consumer<StreamingChatResponseHandler> script) {
        return LangChain4jModel.of(new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                Thread.ofPlatform().daemon().start(() -> script.accept(handler));
            }
        });
    }

    private static ChatResponse complete(String text) {
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
    }

    private static final class Handle implements StreamingHandle {
        private final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        @Override
        public boolean isCancelled() {
            return cancelled.getCount() == 0;
        }

        boolean awaitCancel() {
            try {
                return cancelled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void whatAnotherThreadReportsArrivesInOrder() {
        var model = model(handler -> {
            for (var i = 0; i < 1_000; i++) {
                handler.onPartialResponse(i + " ");
            }
            handler.onCompleteResponse(complete("all"));
        });

        var output = Agent.of(model, "Count").run("Go");

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void anErrorOfAnotherThreadFailsTheRun() {
        var model = model(handler -> handler.onError(new IllegalArgumentException("no such thing")));

        var output = Agent.of(model, "Answer").run("Go");

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(String.valueOf(output.failure())).contains("no such thing");
    }

    @Test
    void aStreamThatEndsWithNullFailsTheRun() {
        var model = model(handler -> handler.onCompleteResponse(null));

        var output = Agent.of(model, "Answer").run("Go");

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(String.valueOf(output.failure())).contains("null instead of a response");
    }

    @Test
    void textThatWasNotStreamedIsDelivered() {
        var model = model(handler -> handler.onCompleteResponse(complete("as a whole")));

        assertThat(Agent.of(model, "Answer").run("Go").text()).isEqualTo("as a whole");
    }

    @Test
    void aStopCancelsTheStreamOfAnotherThread() {
        var handle = new Handle();
        var cancelled = new CompletableFuture<Boolean>();
        var reported = new AtomicInteger();
        var model = model(handler -> {
            while (!handle.isCancelled()) {
                reported.incrementAndGet();
                handler.onPartialResponse(new PartialResponse("word "), new PartialResponseContext(handle));
            }
            cancelled.complete(true);
        });

        try (var stream = Agent.of(model, "Talk").stream("Go")) {
            for (var event : stream) {
                if (event instanceof RunContent) {
                    stream.cancel();
                }
            }
            assertThat(stream.output().status()).isEqualTo(RunStatus.CANCELLED);
        }
        assertThat(handle.awaitCancel()).isTrue();
        assertThat(cancelled).succeedsWithin(PATIENCE);
    }

    @Test
    void aStopBeforeTheFirstPartEndsTheRunAndTheStreamWhenItBegins() throws Exception {
        var handle = new Handle();
        var begun = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        var model = model(handler -> {
            begun.countDown();
            try {
                assertThat(stopped.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            handler.onPartialResponse(new PartialResponse("late"), new PartialResponseContext(handle));
        });
        var run = Agent.of(model, "Answer").start("Go");
        assertThat(await(begun)).isTrue();

        run.cancel();
        var output = run.await(PATIENCE);
        stopped.countDown();

        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.text()).isEmpty();
        assertThat(handle.awaitCancel()).isTrue();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runsWithTheHttpClientAreStoppedBeforeTheFirstToken() throws Exception {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.hangs(HangPoint.BEFORE_HEADERS));
            var run = Agent.of(TestModels.streaming(provider.url(), "m"), "Answer")
                    .start("Go");
            var exchange = provider.awaitRequest(1).awaitHanging();

            run.cancel();

            exchange.awaitClosed(PATIENCE);
            assertThat(run.await(PATIENCE).status()).isEqualTo(RunStatus.CANCELLED);
        }
    }

    @Test
    void withoutReinTheHttpClientStreamsInTheBackgroundAndItsHandleCancels() throws Exception {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(
                    Script.tokens("a ", "b"), Script.tokens("a ", "b ", "c").hangAfter(2));
            var model = OpenAiStreamingChatModel.builder()
                    .httpClientBuilder(new ReinHttpClientBuilder())
                    .baseUrl(provider.url() + "/v1")
                    .apiKey("key")
                    .modelName("m")
                    .build();
            var answered = new CompletableFuture<String>();
            model.chat("Hello", new Collector(answered, false));
            assertThat(answered.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("a b");

            model.chat("Hello", new Collector(new CompletableFuture<>(), true));
            provider.awaitRequest(2).awaitClosed(PATIENCE);
        }
    }

    private record Collector(CompletableFuture<String> answer, boolean cancels)
            implements StreamingChatResponseHandler {
        @Override
        public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
            if (cancels) {
                context.streamingHandle().cancel();
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            answer.complete(response.aiMessage().text());
        }

        @Override
        public void onError(Throwable error) {
            answer.completeExceptionally(error);
        }
    }
}
