package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.ScriptedModel;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Stops a reference component at every point that it passes, once each, and checks that every rule holds. */
final class EveryWait {
    /** What the stop of one point came to. */
    private record Stopped(CancelResult told, int begunAtCancel, int modelCallsAtCancel) {}

    private final Function<Points, Referenced> reference;
    private final Form form;
    private final boolean sequential;
    private final CancelMode mode;
    private final int beside;
    private final int models;

    private EveryWait(
            Function<Points, Referenced> reference,
            Form form,
            boolean sequential,
            CancelMode mode,
            int beside,
            int models) {
        this.reference = reference;
        this.form = form;
        this.sequential = sequential;
        this.mode = mode;
        this.beside = beside;
        this.models = models;
    }

    /** @param beside how many threads may have been let in just before the stop, beside the one that stands at the point */
    static EveryWait now(Function<Points, Referenced> reference, Form form, boolean sequential, int beside) {
        return new EveryWait(reference, form, sequential, CancelMode.NOW, sequential ? 0 : beside, beside);
    }

    /** @param models how many model calls may belong to what a graceful stop lets finish */
    static EveryWait graceful(
            Function<Points, Referenced> reference, Form form, boolean sequential, CancelMode mode, int models) {
        return new EveryWait(reference, form, sequential, mode, Integer.MAX_VALUE, models);
    }

    private static RunOptions options(Points points) {
        return RunOptions.defaults()
                .sessionId("conversation")
                .runId(UUID.randomUUID().toString())
                .dependency("place", () -> {
                    points.pass("dependency");
                    return "here";
                });
    }

    private static Traced traced(Points points) {
        return new Traced(event -> {
            // How often text is told of depends on which threads are faster.
            if (!event.equals("content")) {
                points.pass("event " + event);
            }
        });
    }

    /** Every point that the component passes when nobody stops it. */
    List<String> points() {
        var points = Points.record();
        var played = reference.apply(points);
        try (var _ = traced(points)) {
            var run = form.start(played.component(sequential), "Where is it?", options(points));
            var output = RunInvariants.check(run, played.store());
            assertThat(output.status()).as("%s", output.failure()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(points.passed()).hasSizeGreaterThan(50).doesNotHaveDuplicates();
        return points.passed();
    }

    void check() {
        check(0, 1);
    }

    /** The same at every {@code share}-th point only, from {@code first} on. */
    void check(int first, int share) {
        var points = points();
        for (var at = first; at < points.size(); at += share) {
            var point = points.get(at);
            try {
                stopAt(point);
            } catch (AssertionError e) {
                throw new AssertionError("stopped at: " + point, e);
            }
        }
    }

    private void stopAt(String point) {
        var stopped = new AtomicReference<Stopped>();
        var holder = new AtomicReference<Referenced>();
        var runId = UUID.randomUUID().toString();
        var points = Points.at(point, () -> {
            var told = Runs.shared().cancel(runId, CancelRequest.of(mode).grace(Waiting.NEVER));
            stopped.set(new Stopped(told, holder.get().begun(), holder.get().modelCalls()));
        });
        var played = reference.apply(points);
        holder.set(played);
        RunOutput output;
        try (var _ = traced(points)) {
            var run = form.start(
                    played.component(sequential),
                    "Where is it?",
                    options(points).runId(runId));
            output = RunInvariants.check(run, played.store());
            Waiting.until("the stop at " + point, () -> stopped.get() != null);
        }
        toldTheTruth(stopped.get().told(), output);
        assertThat(output.abandoned()).isEmpty();
        nothingStarted(stopped.get(), played);
        theCleanupsRan(points, output);
        theConversationGoesOn(played, output);
    }

    private void toldTheTruth(CancelResult told, RunOutput output) {
        if (told.effective()) {
            assertThat(told.outcome()).isEqualTo(Outcome.REQUESTED);
            if (mode == CancelMode.NOW) {
                assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            } else {
                assertThat(output.status()).isIn(RunStatus.CANCELLED, RunStatus.COMPLETED);
            }
            assertThat(output.cause()).isEqualTo(told.cause());
        } else {
            assertThat(told.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
            assertThat(told.status()).isEqualTo(output.status()).isEqualTo(RunStatus.COMPLETED);
        }
    }

    /** Beside the thread that stands at the point, others may have been let in just before the stop. */
    private void nothingStarted(Stopped stopped, Referenced played) {
        assertThat(played.modelCalls() - stopped.modelCallsAtCancel())
                .as("model calls after the stop")
                .isBetween(0, Math.min(models, beside));
        if (mode == CancelMode.NOW) {
            assertThat(played.begun() - stopped.begunAtCancel())
                    .as("models, tools, hooks and functions begun after the stop")
                    .isBetween(0, beside);
        }
    }

    private static void theCleanupsRan(Points points, RunOutput output) {
        var expected = output.isCancelled() ? 1 : 0;
        assertThat(points.count("cleanup")).as("cleanups of the component").isEqualTo(expected);
        assertThat(points.count("cleanup of look"))
                .as("cleanups of the tool")
                .isBetween(0, Math.min(expected, points.count("begin tool look")));
    }

    private static void theConversationGoesOn(Referenced played, RunOutput stopped) {
        var model = ScriptedModel.of("I see.");
        var agent = Agent.builder()
                .model(model)
                .instructions("Be brief.")
                .store(played.store())
                .storeWait(Waiting.LONG)
                .addHistory(5)
                .build();
        assertThat(agent.run("And now?", RunOptions.defaults().sessionId("conversation"))
                        .isCompleted())
                .isTrue();
        MessageRules.checkAll(model.request(1).messages());
        assertThat(model.request(1).messages())
                .hasSizeGreaterThanOrEqualTo(stopped.messages().size());
    }
}
