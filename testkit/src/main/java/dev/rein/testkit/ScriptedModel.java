package dev.rein.testkit;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Pricing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model without a network, which answers its calls one after the other as its scripts say, at once unless a script
 * waits. It understands every {@link Script}: an error status becomes the {@link ModelException} that an adapter would
 * throw, a hang ends with the run or by {@link #release()}.
 *
 * {@snippet :
 * var model = ScriptedModel.of(Script.toolCall("search", "{\"query\":\"dragons\"}")).answer("Dragons exist.");
 * var output = Agent.builder().model(model).tools(searchTools).build().run("Do dragons exist?");
 * assertThat(model.request(2).messages().getLast().role()).isEqualTo(Role.TOOL);
 * }
 *
 * <p>A call that finds no answer left fails, and says so; {@link #repeating()} gives the last answer again instead.
 * Thread-safe: one instance may serve many runs at once, and the methods that add answers may be called meanwhile.
 */
public final class ScriptedModel implements Model {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Takes the place of a script: anything that code can do. */
    @FunctionalInterface
    public interface Answer {
        ModelResponse respond(ModelRequest request, ModelCall call);
    }

    private final Object lock = new Object();
    private final List<Answer> answers = new ArrayList<>();
    private final ArrayDeque<ModelRequest> requests = new ArrayDeque<>();
    private final WaitingCalls waiting = new WaitingCalls();
    private int kept = 10_000;
    private boolean repeating;
    private int started;
    private int completed;
    private int cancelled;
    private int failed;
    private String id = "scripted-model";
    private String provider = "Scripted";
    private @Nullable Pricing pricing;

    private ScriptedModel() {}

    /** A model with no answer yet. */
    public static ScriptedModel create() {
        return new ScriptedModel();
    }

    /** Answers one call with this text. */
    public static ScriptedModel of(String text) {
        return create().answer(text);
    }

    /** Answers as many calls as there are scripts. */
    public static ScriptedModel of(Script... scripts) {
        var model = create();
        for (var script : scripts) {
            model.answer(script);
        }
        return model;
    }

    /** Answers every call with this text. */
    public static ScriptedModel always(String text) {
        return of(text).repeating();
    }

    /** Adds an answer: this text, in tokens as {@link Script#text} splits it. */
    public ScriptedModel answer(String text) {
        return answer(Script.text(text));
    }

    /** Adds an answer. */
    public ScriptedModel answer(Script script) {
        return add((request, call) -> new ScriptedCall(script, request, call, waiting).play());
    }

    /** Adds an answer whose script depends on the request. */
    public ScriptedModel answerBy(Function<ModelRequest, Script> chooser) {
        return add((request, call) -> new ScriptedCall(chooser.apply(request), request, call, waiting).play());
    }

    /** Adds an answer made by code. */
    public ScriptedModel answerWith(Answer answer) {
        return add(answer);
    }

    /** Adds an answer that calls one tool. */
    public ScriptedModel toolCall(String name, String arguments) {
        return answer(Script.toolCall(name, arguments));
    }

    /** Adds a failure. */
    public ScriptedModel fails(ModelException failure) {
        return add((request, call) -> {
            throw failure;
        });
    }

    /** Adds an answer that never comes: the call waits until its run is stopped, or for {@link #release()}. */
    public ScriptedModel waitsForever() {
        return answer(Script.empty().thenHang().thenText("released"));
    }

    /** Adds an answer that does not hear a stop: it burns a core until {@link #release()}, and then answers "late". */
    public ScriptedModel deafLoop() {
        return add((request, call) -> {
            waiting.spin();
            return ModelResponse.of("late");
        });
    }

    /** Adds an answer that does not hear a stop: it sleeps on through interrupts until {@link #release()}, then answers "late". */
    public ScriptedModel deafWait() {
        return add((request, call) -> {
            waiting.sleepOn();
            return ModelResponse.of("late");
        });
    }

    /** Gives the last answer again and again once all are used. */
    public ScriptedModel repeating() {
        synchronized (lock) {
            repeating = true;
        }
        return this;
    }

    public ScriptedModel id(String value) {
        synchronized (lock) {
            id = value;
        }
        return this;
    }

    public ScriptedModel provider(String value) {
        synchronized (lock) {
            provider = value;
        }
        return this;
    }

    public ScriptedModel pricing(Pricing value) {
        synchronized (lock) {
            pricing = value;
        }
        return this;
    }

    /** How many requests are kept for {@link #requests()}, the last 10,000 by default. */
    public ScriptedModel keep(int count) {
        synchronized (lock) {
            kept = count;
        }
        return this;
    }

    @Override
    public String id() {
        synchronized (lock) {
            return id;
        }
    }

    @Override
    public String provider() {
        synchronized (lock) {
            return provider;
        }
    }

    @Override
    public @Nullable Pricing pricing() {
        synchronized (lock) {
            return pricing;
        }
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        var answer = next(request);
        try {
            var response = answer.respond(request, call);
            count(call.cancellation().isCancelled() ? () -> cancelled++ : () -> completed++);
            return response;
        } catch (RuntimeException | Error e) {
            count(call.cancellation().isCancelled() ? () -> cancelled++ : () -> failed++);
            throw e;
        }
    }

    /** Lets every call that waits or is deaf go on. */
    public void release() {
        waiting.release();
    }

    /** The requests so far, oldest first. */
    public List<ModelRequest> requests() {
        synchronized (lock) {
            return List.copyOf(requests);
        }
    }

    /**
     * One of the {@link #requests()}.
     *
     * @param number counted from 1
     */
    public ModelRequest request(int number) {
        var all = requests();
        if (number < 1 || number > all.size()) {
            throw new IllegalArgumentException(
                    "there is no request " + number + ": the model was asked " + all.size() + " times");
        }
        return all.get(number - 1);
    }

    /** Calls so far, those included that go on. */
    public int callsStarted() {
        synchronized (lock) {
            return started;
        }
    }

    /** Calls that returned a response. */
    public int callsCompleted() {
        synchronized (lock) {
            return completed;
        }
    }

    /** Calls that ended after their run was stopped, however they ended. */
    public int callsCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    /** Calls that threw although their run was not stopped. */
    public int callsFailed() {
        synchronized (lock) {
            return failed;
        }
    }

    /** Calls that go on now. */
    public int callsOpen() {
        synchronized (lock) {
            return started - completed - cancelled - failed;
        }
    }

    /** Calls that hang now, because their script says so. */
    public int callsWaiting() {
        return waiting.count();
    }

    /**
     * Waits until this many calls have started.
     *
     * @throws AssertionError if they do not within 10 s
     */
    public ScriptedModel awaitCalls(int count) {
        Waits.until(
                lock,
                PATIENCE,
                () -> started >= count,
                () -> "the model to be called " + count + " times: it was called " + started + " times");
        return this;
    }

    /**
     * Waits until this many calls hang.
     *
     * @throws AssertionError if they do not within 10 s
     */
    public ScriptedModel awaitWaiting(int count) {
        waiting.await(count, PATIENCE);
        return this;
    }

    private ScriptedModel add(Answer answer) {
        synchronized (lock) {
            answers.add(answer);
        }
        return this;
    }

    private Answer next(ModelRequest request) {
        synchronized (lock) {
            started++;
            lock.notifyAll();
            if (kept > 0) {
                requests.add(request);
            }
            if (requests.size() > kept) {
                requests.removeFirst();
            }
            if (started <= answers.size()) {
                return answers.get(started - 1);
            }
            if (repeating && !answers.isEmpty()) {
                return answers.getLast();
            }
            failed++;
            throw new IllegalStateException("the scripted model was called " + started + " times, but " + answers.size()
                    + (answers.size() == 1 ? " answer is" : " answers are")
                    + " scripted: add one with answer(..), or give the last one again with repeating()");
        }
    }

    private void count(Runnable counter) {
        synchronized (lock) {
            counter.run();
        }
    }
}
