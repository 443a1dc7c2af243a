package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.cancel.Cancellation;
import dev.rein.internal.delivery.StreamTimeouts;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.stop.Phase;
import dev.rein.model.FinishReason;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Pricing;
import dev.rein.model.Usage;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunFailure;
import dev.rein.run.RunListener;
import dev.rein.run.RunListener.Outcome;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests a response from an agent's model, with retries and fallback models. */
final class ModelCaller {
    private static final Logger log = LoggerFactory.getLogger(ModelCaller.class);

    private final AgentSettings settings;
    private final Run run;
    private final Context context;
    private final ToolChecks tools;
    private final @Nullable OutputHold hold;

    /**
     * A caller for one piece of a run.
     *
     * @param context the run, or the piece of it in which the model is called and with which the call is stopped
     * @param tools checks the arguments of tool calls
     * @param hold holds what the model says until it may be delivered; null for nothing
     */
    ModelCaller(AgentSettings settings, Context context, ToolChecks tools, @Nullable OutputHold hold) {
        this.settings = settings;
        this.run = context.run();
        this.context = context;
        this.tools = tools;
        this.hold = hold;
    }

    /** @throws ModelException the last model's failure, when every model has failed */
    ModelResponse respond(ModelRequest request) {
        List<Model> models = new ArrayList<>(1);
        models.add(settings.model());
        models.addAll(settings.fallbacks());
        var current = 0;
        var attempt = 1;
        while (true) {
            var model = models.get(current);
            var attemptCall = new Call(model);
            try {
                return attemptCall.respond(request);
            } catch (ModelException e) {
                context.scope().throwIfCancelled();
                if (attemptCall.hasDelivered(e.kind())) {
                    // Another response would repeat text that the user has already read.
                    throw e;
                }
                var retry = e.isRetryable() && attempt <= settings.retry().retries();
                if (!retry && current + 1 == models.size()) {
                    throw e;
                }
                var wait = retry ? settings.retry().delayWithJitter(attempt, e.retryAfter()) : Duration.ZERO;
                attemptCall.discard();
                var failed = attempt;
                current = retry ? current : current + 1;
                attempt = retry ? attempt + 1 : 1;
                var next = models.get(current).id();
                var message = RunFailure.of(e).message();
                emit(
                        message.length(),
                        meta -> new ModelRequestFailed(meta, attemptCall.id, message, failed, next, wait));
                context.enter(Phase.WAITING, "back-off before retry " + failed + " of " + attemptCall.id);
                context.scope().sleep(wait);
            }
        }
    }

    private void emit(int characters, Function<EventMeta, RunEvent> event) {
        context.scope().throwIfCancelled();
        run.emit(characters, event);
    }

    private record ModelIdentity(
            String id, String provider, @Nullable Pricing pricing) {}

    /** One attempt. Delivers what the adapter reports to the run until the run is stopped. */
    private final class Call implements ModelCall {
        private final Model model;

        /** Read once, without the lock, because the model is user code. */
        private final String id;

        private final String provider;
        private final @Nullable Pricing pricing;
        private final StreamTimeouts timeouts;
        private final long startedNanos = System.nanoTime();
        private long firstNanos;
        private final StreamedResponse streamed;
        private final @Nullable OutputGate gate;

        /** Whether the model has said anything, delivered or not. */
        private boolean received;

        /** Volatile, as {@link #deliveredText}, because the run's thread delivers what was held. */
        private volatile boolean delivered;

        /** Whether any of the delivered text can be seen. */
        private volatile boolean deliveredText;

        private @Nullable FinishReason finishReason;
        private @Nullable String rawFinishReason;
        private @Nullable Usage usage;

        Call(Model model) {
            this.model = model;
            var identity = context.scope()
                    .callUserCode(() -> new ModelIdentity(
                            model.id(), model.provider(), settings.prices().of(model)));
            this.id = identity.id();
            this.provider = identity.provider();
            this.pricing = identity.pricing();
            this.streamed = new StreamedResponse(id);
            context.enter(Phase.MODEL, "waiting for " + id);
            this.timeouts = run.watch(id);
            this.gate = OutputGate.of(run, context, this::release, hold);
        }

        ModelResponse respond(ModelRequest request) {
            if (run.observers().isDeaf()) {
                return exchange(request);
            }
            var startedAt = Instant.now();
            try {
                var response = exchange(request);
                notifyListeners(startedAt, Outcome.COMPLETED, null);
                return response;
            } catch (RuntimeException | Error e) {
                if (context.scope().isCancelled()) {
                    notifyListeners(startedAt, Outcome.CANCELLED, null);
                } else {
                    notifyListeners(startedAt, Outcome.FAILED, RunFailure.of(e));
                }
                throw e;
            }
        }

        private void notifyListeners(Instant startedAt, Outcome outcome, @Nullable RunFailure failure) {
            var took = Duration.ofNanos(System.nanoTime() - startedNanos);
            run.observers()
                    .modelRequestEnded(new RunListener.ModelRequest(
                            id,
                            provider,
                            startedAt,
                            took,
                            timeToFirstToken(),
                            usage,
                            finishReason,
                            rawFinishReason,
                            outcome,
                            failure));
            run.observers().wake();
        }

        private @Nullable Duration timeToFirstToken() {
            return firstNanos == 0 ? null : Duration.ofNanos(firstNanos - startedNanos);
        }

        private ModelResponse exchange(ModelRequest request) {
            try (timeouts) {
                emit(0, meta -> new ModelRequestStarted(meta, id, provider));
                var whole = RequestedCalls.of(callModel(request), request);
                context.scope().throwIfCancelled();
                requireUsable(whole, request);
                deliver(streamed.missingText(whole), streamed.missingReasoning(whole));
                usageOf(whole);
                var response = checked(whole);
                run.delivery()
                        .addResponse(Message.assistant(response.text(), response.reasoning(), response.toolCalls())
                                .withProviderData(response.providerData()));
                run.delivery().callEnded();
                var first = timeToFirstToken();
                emit(
                        0,
                        meta -> new ModelRequestCompleted(
                                meta, id, provider, usage, first, response.finishReason(), response.rawFinishReason()));
                return response;
            } finally {
                run.delivery().callEnded();
            }
        }

        /** The response as the guardrails let it pass; all of its text is delivered then. */
        private ModelResponse checked(ModelResponse response) {
            timeouts.close();
            return tools.arguments(gate == null ? response : gate.end(response), context);
        }

        /** @throws ModelException if the response is empty, was cut off, or ended by an error of the provider */
        private void requireUsable(ModelResponse response, ModelRequest request) {
            finishReason = response.finishReason();
            rawFinishReason = response.rawFinishReason();
            run.delivery().responseEnded(finishReason, rawFinishReason);
            var hasText = streamed.hasText() || !StreamedResponse.isBlank(response.text());
            // No schema describes an empty answer.
            var allowEmpty = settings.allowEmptyAnswers() && request.outputSchema() == null;
            var problem = ResponseRules.problem(response, id, hasText, allowEmpty);
            if (problem != null) {
                usageOf(response);
                throw problem;
            }
        }

        private void usageOf(ModelResponse response) {
            var last = response.usage();
            if (last != null) {
                usage(last);
            }
        }

        /**
         * Whether a failure came too late for another attempt. A response that has ended without an answer may have delivered
         * reasoning and blanks, which no other response repeats.
         */
        boolean hasDelivered(ModelException.Kind failure) {
            if (hold != null && !hold.clear()) {
                return true;
            }
            return switch (failure) {
                case EMPTY, CUT_OFF -> deliveredText;
                default -> delivered;
            };
        }

        /** Lets the next attempt start anew. */
        void discard() {
            if (delivered) {
                run.delivery().discardResponse();
            }
        }

        private ModelResponse callModel(ModelRequest request) {
            try {
                var characters = characters(request);
                var response = UserCode.call(
                        context,
                        CallInterceptor.Kind.MODEL_REQUEST,
                        id,
                        () -> run.delivery().callStarted(characters, pricing),
                        () -> model.respond(request, this));
                return Objects.requireNonNull(response, () -> "model " + id + " returned null: return a response");
            } catch (Exception e) {
                // After a stop, any exception from the closed stream is a consequence of the stop.
                context.scope().throwIfCancelled();
                if (gate != null) {
                    gate.throwIfRefused();
                }
                if (!received) {
                    run.delivery().callFailed();
                }
                throw e instanceof RuntimeException failure ? failure : new IllegalStateException(e);
            }
        }

        @Override
        public Cancellation cancellation() {
            return context.scope();
        }

        @Override
        public String runId() {
            return run.id();
        }

        @Override
        public void text(String delta) {
            deliver(delta, null);
        }

        @Override
        public void reasoning(String delta) {
            deliver("", delta);
        }

        private void deliver(String delta, @Nullable String reasoning) {
            if (delta.isEmpty() && (reasoning == null || reasoning.isEmpty())) {
                return;
            }
            recordActivity();
            streamed.add(delta, reasoning);
            received = true;
            if (gate == null) {
                release(delta, reasoning);
            } else {
                // A check takes its time, which is not the model's.
                timeouts.activity();
                run.delivery().countOutput(delta.length() + (reasoning == null ? 0 : reasoning.length()));
                gate.accept(delta, reasoning);
            }
            timeouts.resume();
            context.scope().throwIfCancelled();
        }

        private void release(String text, @Nullable String reasoning) {
            delivered = true;
            deliveredText |= !StreamedResponse.isBlank(text);
            run.delivery().deliver(text, reasoning, gate != null);
        }

        @Override
        public void progress(int characters) {
            recordActivity();
            streamed.count(characters);
            run.delivery().countOutput(characters);
            timeouts.resume();
            context.scope().throwIfCancelled();
        }

        @Override
        public void usage(Usage reported) {
            if (!reported.isPlausible()) {
                log.warn("model {} reported {}, which is implausible: its tokens are estimated", id, reported);
                return;
            }
            usage = reported;
            run.delivery().callReported(reported);
            context.scope().throwIfCancelled();
        }

        private void recordActivity() {
            if (firstNanos == 0) {
                firstNanos = System.nanoTime();
            }
            timeouts.activity();
        }
    }

    private static long characters(ModelRequest request) {
        var sum = 0L;
        for (var message : request.messages()) {
            sum += message.content().length();
            for (var call : message.toolCalls()) {
                sum += call.name().length() + call.arguments().length();
            }
        }
        return sum;
    }
}
