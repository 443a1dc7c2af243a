package dev.rein.internal.agent;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.CheckedText;
import dev.rein.guardrail.Guardrail;
import dev.rein.guardrail.GuardrailException;
import dev.rein.guardrail.Verdict;
import dev.rein.internal.InterruptionTexts;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.Subtask;
import dev.rein.internal.stop.Phase;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunInput;
import dev.rein.run.event.PreHookCompleted;
import dev.rein.run.event.PreHookStarted;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** The guardrails of one run's input: those that check before the model is asked, and those that check beside its first response. */
final class InputChecks {
    private final Run run;
    private final List<Guardrail> first;
    private final List<Guardrail> beside;
    private RunInput visible = RunInput.of("");

    /** What the guardrails beside the model check: the caller's input, and what hooks have made of it. */
    private final LinkedHashSet<RunInput> unchecked = new LinkedHashSet<>();

    InputChecks(Run run) {
        this.run = run;
        var all = run.guardrails().at(CheckPoint.INPUT);
        first = all.stream().filter(each -> !each.beside()).toList();
        beside = all.stream().filter(Guardrail::beside).toList();
    }

    /** A request to the model that can be stopped alone. */
    interface Request {
        ModelResponse respond(Context context, OutputHold hold);
    }

    /** Checks the caller's input, before anything else sees it. */
    RunInput checkGiven(RunInput input) {
        visible = checkFirst(input);
        unchecked.add(visible);
        if (beside.isEmpty()) {
            run.guardrails().input(visible);
        }
        return visible;
    }

    /** Checks what the hooks have made of it. */
    RunInput checkHooked(RunInput input) {
        if (input.equals(visible)) {
            return input;
        }
        var checked = checkFirst(input);
        unchecked.add(checked);
        return checked;
    }

    private RunInput checkFirst(RunInput input) {
        var current = input;
        for (var guardrail : first) {
            run.enter(Phase.WAITING, "guardrail " + guardrail.name());
            started(guardrail);
            try {
                var checked = Guards.apply(List.of(guardrail), text(current), run.context())
                        .text();
                current = new RunInput(checked.text(), checked.images(), current.files());
            } catch (GuardrailException e) {
                throw withheld(e);
            }
            completed(guardrail);
        }
        return current;
    }

    /** Whether there are guardrails that check beside the first response. */
    boolean areBeside() {
        return !beside.isEmpty();
    }

    /**
     * Asks the model and checks the input at the same time. Nothing of the response is delivered until the input has passed.
     *
     * @param passed called when the input has passed
     */
    ModelResponse besideModel(Request request, Runnable passed) throws Exception {
        run.enter(Phase.MODEL, "waiting for the model and the guardrails of the input");
        beside.forEach(this::started);
        var checks = new ArrayList<GuardrailCheck>();
        for (var guardrail : beside) {
            unchecked.forEach(input -> checks.add(new GuardrailCheck(guardrail, text(input), run.context())));
        }
        var hold = new OutputHold(run);
        var model = run.context().<Object>fork("model request", context -> request.respond(context, hold));
        try {
            return await(model, checks, hold, passed);
        } catch (GuardrailException e) {
            throw e.point() == CheckPoint.INPUT ? withheld(e) : e;
        } finally {
            stop(model, checks);
        }
    }

    private ModelResponse await(Subtask<Object> model, List<GuardrailCheck> checks, OutputHold hold, Runnable passed)
            throws Exception {
        var open = new ArrayList<>(checks);
        while (!open.isEmpty() && !model.isOver()) {
            var waiting = new ArrayList<Subtask<Object>>(List.of(model));
            open.forEach(each -> waiting.add(each.subtask()));
            run.context().awaitOver(waiting);
            for (var check : List.copyOf(open)) {
                if (check.subtask().isOver()) {
                    open.remove(check);
                    if (check.verdict() instanceof Verdict.Refuse refuse) {
                        throw check.refused(refuse);
                    }
                }
            }
        }
        if (open.isEmpty()) {
            run.guardrails().input(visible);
            beside.forEach(this::completed);
            passed.run();
            hold.open();
        }
        while (!model.isOver()) {
            run.context().awaitOver(List.of(model));
        }
        run.scope().throwIfCancelled();
        var error = model.error();
        return switch (error) {
            case null -> (ModelResponse) Objects.requireNonNull(model.value());
            case Exception e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        };
    }

    /** Stops what is not needed any more, and waits for its end. */
    private void stop(Subtask<Object> model, List<GuardrailCheck> checks) {
        var all = new ArrayList<>(List.of(model));
        checks.forEach(each -> all.add(each.subtask()));
        all.forEach(each -> each.stop(CancelRequest.now()
                .kind(CancelKind.SIBLING)
                .reason("a guardrail has refused the input, or the request has failed")));
        all.removeIf(Subtask::isOver);
        while (!all.isEmpty()) {
            all.removeAll(run.context().awaitOver(all));
        }
    }

    private GuardrailException withheld(GuardrailException refusal) {
        run.guardrails().input(RunInput.of(InterruptionTexts.refusedInput(refusal.guardrail())));
        return refusal;
    }

    private void started(Guardrail guardrail) {
        run.emit(0, meta -> new PreHookStarted(meta, guardrail.name()));
    }

    private void completed(Guardrail guardrail) {
        run.emit(0, meta -> new PreHookCompleted(meta, guardrail.name()));
    }

    private static CheckedText text(RunInput input) {
        return new CheckedText(CheckPoint.INPUT, input.text(), "", 0, input.images(), null, false);
    }
}
