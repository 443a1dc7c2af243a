package dev.rein.agent;

import static dev.rein.agent.TestModel.counted;
import static dev.rein.agent.TestModel.fails;
import static dev.rein.agent.TestModel.rateLimited;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.run.RunStatus;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.runtime.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentRetryTest {
    private static final RetryPolicy QUICK = RetryPolicy.of(2).initialDelay(Duration.ofMillis(20));

    private static AgentBuilder agent(TestModel model) {
        return Agent.builder().model(model).retry(QUICK);
    }

    @Test
    void aRateLimitedCallIsTriedAgain() throws Exception {
        var model = TestModel.of(rateLimited(null), counted(Usage.of(7, 3), says("Hello")));
        var run = agent(model).build().start("Hi");
        var output = Events.end(run);
        assertThat(output.text()).isEqualTo("Hello");
        assertThat(output.metrics().usage()).as("of the call that was answered").isEqualTo(Usage.of(7, 3));
        assertThat(output.metrics().estimated()).isFalse();
        assertThat(output.metrics().modelCalls()).isEqualTo(2);
        assertThat(Events.names(run))
                .containsExactly(
                        "RunStarted",
                        "ModelRequestStarted",
                        "ModelRequestFailed",
                        "ModelRequestStarted",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted");
        assertThat(model.asked(1)).isEqualTo(model.asked(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"RATE_LIMIT", "SERVER", "CONNECTION", "EMPTY"})
    void failuresThatMayPassAreTriedAgain(Kind kind) {
        var model = TestModel.of(fails(kind, "for now"), says("Hello"));
        assertThat(agent(model).build().run("Hi").isCompleted()).isTrue();
        assertThat(model.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"RATE_LIMIT", "SERVER", "CONNECTION", "EMPTY"},
            mode = EnumSource.Mode.EXCLUDE)
    void failuresThatWillNotPassAreNotTriedAgain(Kind kind) {
        var model = TestModel.of(fails(kind, "for good"), says("Hello"));
        var output = agent(model).build().run("Hi");
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure())
                .isNotNull()
                .satisfies(failure -> assertThat(failure.message()).isEqualTo("for good"));
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void theRetriesAreUsedUpAndTheLastErrorIsTheRuns() throws Exception {
        var model = TestModel.of(
                fails(Kind.SERVER, "first"), fails(Kind.SERVER, "second"), fails(Kind.CONNECTION, "third"));
        var run = agent(model).build().start("Hi");
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure()).isNotNull().satisfies(failure -> {
            assertThat(failure.message()).isEqualTo("third");
            assertThat(failure.exception()).isInstanceOf(ModelException.class);
        });
        assertThat(model.requests()).hasSize(3);
        var failed = Events.only(ModelRequestFailed.class, Events.of(run));
        assertThat(failed).extracting(ModelRequestFailed::attempt).containsExactly(1, 2);
        assertThat(failed).extracting(ModelRequestFailed::error).containsExactly("first", "second");
        assertThat(failed).extracting(ModelRequestFailed::next).containsExactly("test-model", "test-model");
    }

    @Test
    void waitsGrowByThePolicyWithAQuarterOfJitter() throws Exception {
        var policy = new RetryPolicy(3, Duration.ofMillis(20), 3, Duration.ofMillis(100));
        var model = TestModel.of(fails(Kind.SERVER, "down"));
        var run = agent(model).retry(policy).build().start("Hi");
        Events.end(run);
        var waits = Events.only(ModelRequestFailed.class, Events.of(run)).stream()
                .map(ModelRequestFailed::retryIn)
                .toList();
        assertThat(waits).hasSize(3);
        assertBetween(waits.get(0), 15, 25);
        assertBetween(waits.get(1), 45, 75);
        assertBetween(waits.get(2), 75, 125);
    }

    private static void assertBetween(Duration wait, long least, long most) {
        assertThat(wait).isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
    }

    @Test
    void aPolicyComputesItsWaits() {
        var policy = RetryPolicy.of(9);
        assertThat(policy.delay(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(policy.delay(3)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.delay(100)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theProvidersRetryAfterWinsOverThePolicy() throws Exception {
        var model = TestModel.of(rateLimited(Duration.ofMillis(30)), says("Hello"));
        var began = System.nanoTime();
        var run = agent(model)
                .retry(RetryPolicy.of(1).initialDelay(Duration.ofMinutes(10)))
                .build()
                .start("Hi");
        assertThat(Events.end(run).isCompleted()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
        assertThat(Events.only(ModelRequestFailed.class, Events.of(run)))
                .extracting(ModelRequestFailed::retryIn)
                .containsExactly(Duration.ofMillis(30));
    }

    @Test
    void aRetryAfterIsCutToTheLongestWaitOfThePolicy() throws Exception {
        var model = TestModel.of(rateLimited(Duration.ofHours(1)), says("Hello"));
        var run = agent(model)
                .retry(new RetryPolicy(1, Duration.ofMillis(1), 2, Duration.ofMillis(40)))
                .build()
                .start("Hi");
        assertThat(Events.end(run).isCompleted()).isTrue();
        assertThat(Events.only(ModelRequestFailed.class, Events.of(run)))
                .extracting(ModelRequestFailed::retryIn)
                .containsExactly(Duration.ofMillis(40));
    }

    @Test
    void nothingIsRetriedOnceContentWasDelivered() throws Exception {
        var fallback = TestModel.named("other", says("Hello"));
        var model = TestModel.of((request, call) -> {
            call.text("Hel");
            throw new ModelException(Kind.CONNECTION, "reset");
        });
        var run = agent(model).fallbacks(fallback).build().start("Hi");
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.text()).isEqualTo("Hel");
        assertThat(model.requests()).hasSize(1);
        assertThat(fallback.requests()).isEmpty();
    }

    @Test
    void progressWithoutContentDoesNotForbidARetry() {
        var model = TestModel.of(
                (request, call) -> {
                    call.progress(10);
                    throw new ModelException(Kind.CONNECTION, "reset");
                },
                says("Hello"));
        assertThat(agent(model).build().run("Hi").text()).isEqualTo("Hello");
    }

    @Test
    void aFallbackIsAskedOnceTheRetriesAreUsedUp() throws Exception {
        var model = TestModel.named("first", fails(Kind.SERVER, "down"));
        var fallback = TestModel.named("second", fails(Kind.SERVER, "down too"), says("Hello"));
        var run = agent(model).fallbacks(fallback).build().start("Hi");
        assertThat(Events.end(run).text()).isEqualTo("Hello");
        assertThat(model.requests()).hasSize(3);
        assertThat(fallback.requests()).hasSize(2);
        var events = Events.of(run);
        assertThat(Events.only(ModelRequestStarted.class, events))
                .extracting(ModelRequestStarted::model)
                .containsExactly("first", "first", "first", "second", "second");
        var failed = Events.only(ModelRequestFailed.class, events);
        assertThat(failed).extracting(ModelRequestFailed::attempt).containsExactly(1, 2, 3, 1);
        assertThat(failed).extracting(ModelRequestFailed::next).containsExactly("first", "first", "second", "second");
        assertThat(failed.get(2).retryIn()).isZero();
    }

    @Test
    void aFailureForGoodGoesToTheFallbackAtOnce() {
        var model = TestModel.named("first", fails(Kind.NOT_FOUND, "no such model"));
        var fallback = TestModel.named("second", says("Hello"));
        assertThat(agent(model).fallbacks(fallback).build().run("Hi").text()).isEqualTo("Hello");
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void whenAllModelsFailTheLastOnesErrorIsReported() {
        var model = TestModel.named("first", fails(Kind.BAD_REQUEST, "first is down"));
        var fallback = TestModel.named("second", fails(Kind.BAD_REQUEST, "second is down"));
        var output = agent(model).fallbacks(fallback).build().run("Hi");
        assertThat(output.failure())
                .isNotNull()
                .satisfies(failure -> assertThat(failure.message()).isEqualTo("second is down"));
    }

    @Test
    void aStopInABackOffEndsItAndNoRetryIsSent() throws Exception {
        var fallback = TestModel.named("other", says("Hello"));
        var model = TestModel.of(rateLimited(Duration.ofMinutes(1)), says("Hello"));
        var run = agent(model).fallbacks(fallback).build().start("Hi");
        try (var events = run.events()) {
            for (var event : events) {
                if (event instanceof ModelRequestFailed) {
                    run.cancel();
                }
            }
        }
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(Events.names(run))
                .isEqualTo(List.of("RunStarted", "ModelRequestStarted", "ModelRequestFailed", "RunCancelled"));
        assertThat(model.requests()).hasSize(1);
        assertThat(fallback.requests()).isEmpty();
    }

    @Test
    void aModelThatRaisesJustAfterTheStopMakesNoError() throws Exception {
        var gate = new Gate();
        var fallback = TestModel.named("other", says("Hello"));
        var model = TestModel.of((request, call) -> {
            gate.passDeaf();
            throw new ModelException(Kind.AUTHENTICATION, "too late");
        });
        var run = agent(model).fallbacks(fallback).build().start("Hi");
        gate.awaitReached();
        run.cancel();
        gate.open();
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.failure()).isNull();
        assertThat(fallback.requests()).isEmpty();
    }

    @Test
    void httpStatusesHaveTheirKinds() {
        assertThat(List.of(400, 401, 403, 404, 408, 409, 422, 429, 500, 503))
                .extracting(ModelException::kindOf)
                .containsExactly(
                        Kind.BAD_REQUEST,
                        Kind.AUTHENTICATION,
                        Kind.PERMISSION,
                        Kind.NOT_FOUND,
                        Kind.SERVER,
                        Kind.SERVER,
                        Kind.BAD_REQUEST,
                        Kind.RATE_LIMIT,
                        Kind.SERVER,
                        Kind.SERVER);
    }
}
