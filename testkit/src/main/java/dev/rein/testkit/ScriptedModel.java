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
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model without a network, which answers successive calls according to its scripts, without delay unless a script contains one. It
 * supports every {@link Script}: an error status becomes the {@link ModelException} that an adapter would throw, and a hang lasts until the
 * run is stopped or {@link #release()} is called.
 *
 * {@snippet :
 * var model = ScriptedModel.of(Script.toolCall("search", "{\"query\":\"dragons\"}")).answer("Dragons exist.");
 * var output = Agent.builder().model(model).tools(searchTools).build().run("Do dragons exist?");
 * assertThat(model.request(2).messages().getLast().role()).isEqualTo(Role.TOOL);
 * }
 *
 * <p>If all answers have been used, further calls fail; with {@link #repeating()} they get the last answer again. Thread-safe: one instance
 * can serve many concurrent runs, and answers can be added meanwhile.
 */
public final class ScriptedModel implements Model {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** An answer that is produced by code instead of a script. */
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
    private Set<String> fileTypes = Set.of();

    private ScriptedModel() {}

    /** A model without answers. */
    public static ScriptedModel create() {
        return new ScriptedModel();
    }

    /** A model that answers one call with this text. */
    public static ScriptedModel of(String text) {
        return create().answer(text);
    }

    /** A model that answers one call with each of these scripts. */
    public static ScriptedModel of(Script... scripts) {
        var model = create();
        for (var script : scripts) {
            model.answer(script);
        }
        return model;
    }

    /** A model that answers every call with this text. */
    public static ScriptedModel always(String text) {
        return of(text).repeating();
    }

    /** Adds an answer with this text, which is split into tokens as by {@link Script#text}. */
    public ScriptedModel answer(String text) {
        return answer(Script.text(text));
    }

    /** Adds an answer. */
    public ScriptedModel answer(Script script) {
        return add((request, call) -> new ScriptedCall(this, script, request, call, waiting).play());
    }

    /** Adds an answer whose script depends on the request. */
    public ScriptedModel answerBy(Function<ModelRequest, Script> chooser) {
        return add((request, call) -> new ScriptedCall(this, chooser.apply(request), request, call, waiting).play());
    }

    /** Adds an answer that is produced by code. */
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

    /** Adds an answer that waits until the run is stopped or {@link #release()} is called. */
    public ScriptedModel waitsForever() {
        return answer(Script.empty().thenHang().thenText("released"));
    }

    /** Adds an answer that ignores stops: it keeps a core busy until {@link #release()}, and then answers "late". */
    public ScriptedModel deafLoop() {
        return add((request, call) -> {
            waiting.spin();
            return ModelResponse.of("late");
        });
    }

    /** Adds an answer that ignores stops and interrupts: it sleeps until {@link #release()}, and then answers "late". */
    public ScriptedModel deafWait() {
        return add((request, call) -> {
            waiting.sleepThroughInterrupts();
            return ModelResponse.of("late");
        });
    }

    /** Repeats the last answer when all have been used. */
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

    /** The media types of the files that the model takes, such as {@code application/pdf} or {@code audio/*}. None by default. */
    public ScriptedModel files(String... mediaTypes) {
        synchronized (lock) {
            fileTypes = Set.of(mediaTypes);
        }
        return this;
    }

    /** Number of most recent requests to keep for {@link #requests()}. Default: 10,000. */
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
    public Set<String> fileTypes() {
        synchronized (lock) {
            return fileTypes;
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

    /** Releases all calls that wait or ignore stops. */
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
                    "there is no request " + number + ": the model was called " + all.size() + " times");
        }
        return all.get(number - 1);
    }

    /** Number of calls so far, including those in progress. */
    public int callsStarted() {
        synchronized (lock) {
            return started;
        }
    }

    /** Number of calls that returned a response. */
    public int callsCompleted() {
        synchronized (lock) {
            return completed;
        }
    }

    /** Number of calls that ended after their run was stopped, with a response or an exception. */
    public int callsCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    /** Number of calls that threw although their run was not stopped. */
    public int callsFailed() {
        synchronized (lock) {
            return failed;
        }
    }

    /** Number of calls in progress. */
    public int callsOpen() {
        synchronized (lock) {
            return started - completed - cancelled - failed;
        }
    }

    /** Number of calls that currently hang because of their script. */
    public int callsWaiting() {
        return waiting.count();
    }

    /**
     * Waits until this many calls have started.
     *
     * @throws AssertionError if they do not within 60 s
     */
    public ScriptedModel awaitCalls(int count) {
        MonitorWaits.until(
                lock,
                PATIENCE,
                () -> started >= count,
                () -> "the model to be called " + count + " times: it was called " + started + " times");
        return this;
    }

    /**
     * Waits until this many calls hang.
     *
     * @throws AssertionError if they do not within 60 s
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
                    + " scripted: add one with answer(..), or repeat the last one with repeating()");
        }
    }

    private void count(Runnable counter) {
        synchronized (lock) {
            counter.run();
        }
    }
}
