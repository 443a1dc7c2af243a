package dev.rein.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.offset;

import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.runtime.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of texts and vectors between users and a model. */
class EmbedderTest {
    private static final RetryPolicy QUICK = RetryPolicy.of(2).initialDelay(Duration.ofMillis(1));

    private final List<List<String>> requests = new ArrayList<>();

    private record Scripted(int maxTexts, int dimensions, Function<List<String>, @Nullable Embeddings> answer)
            implements EmbeddingModel {
        @Override
        public String id() {
            return "vectors-1";
        }

        @Override
        public String provider() {
            return "Test";
        }

        @Override
        @SuppressWarnings("NullAway") // A model may break its contract.
        public Embeddings respond(List<String> texts, Cancellation cancellation) {
            return answer.apply(texts);
        }
    }

    private EmbeddingModel model(int maxTexts, Function<List<String>, @Nullable Embeddings> answer) {
        return new Scripted(maxTexts, 0, texts -> {
            requests.add(texts);
            return answer.apply(texts);
        });
    }

    /** The first number of each vector is the text's. */
    private static Embeddings numbers(List<String> texts) {
        return new Embeddings(
                texts.stream()
                        .map(text -> new float[] {Float.parseFloat(text), 1})
                        .toList(),
                Usage.of(texts.size(), 0));
    }

    private static Embeddings always(float[]... vectors) {
        return new Embeddings(Arrays.asList(vectors), null);
    }

    @Test
    void manyTextsAreSentInBatchesAndReturnInTheirOrder() {
        var texts = IntStream.range(0, 1_001).mapToObj(Integer::toString).toList();

        var result = model(100, EmbedderTest::numbers).embed(texts);

        assertThat(requests).hasSize(11).allMatch(batch -> batch.size() <= 100);
        assertThat(result.vectors()).hasSize(1_001);
        for (var i = 0; i < texts.size(); i++) {
            assertThat(result.vectors().get(i)[0]).isEqualTo(i);
        }
        assertThat(result.dimensions()).isEqualTo(2);
        assertThat(result.usage()).isEqualTo(Usage.of(1_001, 0));
        assertThat(result).hasToString("1001 vectors of 2 dimensions");
    }

    @Test
    void theCharactersOfARequestAreLimitedToo() {
        var texts = List.of("a".repeat(300_000), "b".repeat(300_000), "c".repeat(900_000), "d");

        model(100, batch -> always(batch.stream().map(_ -> new float[] {1}).toArray(float[][]::new)))
                .embed(texts);

        assertThat(requests.stream().map(List::size)).containsExactly(1, 1, 1, 1);
    }

    @Test
    void aSmallerBatchCanBeChosen() {
        Embedder.of(model(100, EmbedderTest::numbers)).batchSize(2).embed(List.of("1", "2", "3"));

        assertThat(requests).containsExactly(List.of("1", "2"), List.of("3"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Embedder.of(model(1, EmbedderTest::numbers)).batchSize(0));
    }

    @Test
    void noTextsNeedNoRequestAndOneTextIsOneVector() {
        assertThat(model(9, EmbedderTest::numbers).embed(List.of()).vectors()).isEmpty();
        assertThat(requests).isEmpty();
        assertThat(model(9, EmbedderTest::numbers).embed("7")).containsExactly(7, 1);
    }

    @Test
    void textsThatCannotBeEmbeddedAreNamedBeforeARequest() {
        var model = model(1, EmbedderTest::numbers);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.embed(List.of("1", " \n")))
                .withMessageContaining("text 1 is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.embed("x".repeat(1_000_001)))
                .withMessageContaining("1000001 characters");
        assertThatNullPointerException()
                .isThrownBy(() -> model.embed(Arrays.asList("1", null)))
                .withMessageContaining("text 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.embed(Collections.nCopies(100_001, "1")))
                .withMessageContaining("100001");
        assertThat(requests).isEmpty();
    }

    @Test
    void halfSurrogatePairsAreReplaced() {
        model(1, _ -> always(new float[] {1})).embed("half \ud83d");

        assertThat(requests).containsExactly(List.of("half \ufffd"));
    }

    @Test
    void vectorsThatWouldSpoilASearchAreFailures() {
        refused("2 vectors for 1 texts", always(new float[] {1}, new float[] {1}));
        refused("0 vectors for 1 texts", always());
        refused("vector of 0 dimensions", always(new float[0]));
        refused("contains NaN", always(new float[] {1, Float.NaN}));
        refused("contains -Infinity", always(new float[] {Float.NEGATIVE_INFINITY}));
        refused("returned null", null);

        var growing = model(1, texts -> always(new float[Integer.parseInt(texts.getFirst())]));
        var failure = catchThrowableOfType(ModelException.class, () -> growing.embed(List.of("3", "4")));
        assertThat(failure).hasMessageContaining("4 dimensions for text 1 instead of 3");

        var other = new Scripted(1, 5, _ -> always(new float[3]));
        assertThat(catchThrowableOfType(ModelException.class, () -> other.embed("a")))
                .hasMessageContaining("3 dimensions for text 0 instead of 5, as was asked for");
    }

    private void refused(String why, @Nullable Embeddings response) {
        requests.clear();
        var failure = catchThrowableOfType(
                ModelException.class, () -> model(1, _ -> response).embed("a"));
        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure).hasMessageContaining(why).hasMessageContaining("vectors-1");
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTransientFailuresAreRetried(Kind kind) {
        var model = model(1, texts -> {
            if (requests.size() < 3) {
                throw new ModelException(kind, "not now", 0, null, Duration.ZERO, null);
            }
            return numbers(texts);
        });
        var isTransient = new ModelException(kind, "").isRetryable();

        var failure = catchThrowableOfType(
                ModelException.class, () -> Embedder.of(model).retry(QUICK).embed(List.of("1")));

        assertThat(failure == null).isEqualTo(isTransient);
        assertThat(requests).hasSize(isTransient ? 3 : 1);
        requests.clear();
        assertThat(catchThrowableOfType(
                        ModelException.class,
                        () -> Embedder.of(model).retry(RetryPolicy.NONE).embed(List.of("1"))))
                .isNotNull();
        assertThat(requests).hasSize(1);
    }

    @Test
    void anInterruptEndsTheWaitForTheNextAttempt() throws Exception {
        var asked = new CountDownLatch(1);
        var model = model(1, _ -> {
            asked.countDown();
            throw new ModelException(Kind.RATE_LIMIT, "slow down", 429, null, Duration.ofHours(1), null);
        });
        var outcome = new AtomicReference<Throwable>();
        var interrupted = new AtomicReference<Boolean>();
        var thread = Thread.ofVirtual().start(() -> {
            outcome.set(catchThrowableOfType(
                    ModelException.class,
                    () -> Embedder.of(model)
                            .retry(new RetryPolicy(3, Duration.ofHours(1), 1, Duration.ofHours(1)))
                            .embed(List.of("1"))));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        asked.await();

        thread.interrupt();

        assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        assertThat(outcome.get()).isInstanceOf(ModelException.class);
        assertThat(interrupted.get()).isTrue();
        assertThat(requests).hasSize(1);
    }

    @Test
    void similarityIsTheCosine() {
        assertThat(Embeddings.similarity(new float[] {1, 0}, new float[] {2, 0}))
                .isEqualTo(1, offset(1e-9));
        assertThat(Embeddings.similarity(new float[] {1, 0}, new float[] {0, 3}))
                .isZero();
        assertThat(Embeddings.similarity(new float[] {1, 0}, new float[] {-1, 0}))
                .isEqualTo(-1, offset(1e-9));
        assertThat(Embeddings.similarity(new float[] {0, 0}, new float[] {1, 0}))
                .isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Embeddings.similarity(new float[1], new float[2]))
                .withMessageContaining("1 and 2");
    }
}
