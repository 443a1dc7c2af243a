package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.agent.AnswerHook;
import dev.rein.agent.BeforeHook;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.stop.Phase;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.ToolChoice;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.run.event.PostHookCompleted;
import dev.rein.run.event.PostHookStarted;
import dev.rein.run.event.PreHookCompleted;
import dev.rein.run.event.PreHookStarted;
import dev.rein.run.event.RunContentCompleted;
import dev.rein.session.StoredRun;
import dev.rein.tool.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of an agent's run: asks the model and calls the requested tools until the model gives its final answer. */
public final class AgentLoop {
    private final AgentSettings settings;
    private final Run run;
    private final @Nullable TypedAnswer typedAnswer;
    private final LeaderHooks leaderHooks;
    private final InputChecks inputChecks;
    private final ToolChecks toolChecks;

    /** Null until the model asks for tools. */
    private @Nullable ToolBatch batch;

    AgentLoop(AgentSettings settings, Run run, @Nullable TypeRef<?> answerType) {
        this(settings, run, answerType, LeaderHooks.NONE);
    }

    /** @param leaderHooks the additional behaviour of a team's leader */
    public AgentLoop(AgentSettings settings, Run run, @Nullable TypeRef<?> answerType, LeaderHooks leaderHooks) {
        this.settings = settings;
        this.run = run;
        this.typedAnswer = answerType == null ? null : new TypedAnswer(answerType);
        this.leaderHooks = leaderHooks;
        this.inputChecks = new InputChecks(run);
        this.toolChecks = new ToolChecks(run);
    }

    public @Nullable Object execute() throws Exception {
        try {
            return answer();
        } finally {
            if (batch != null) {
                batch.release();
            }
        }
    }

    private @Nullable Object answer() throws Exception {
        var resumed = run.plan().resumed();
        var input = resumed == null ? checkedInput() : run.plan().input();
        run.delivery().contextMessages(Prompt.messages(settings, RunSettings.storedSystem(run), earlier()));
        var message = Message.user(input.text(), input.images(), input.files());
        if (resumed == null && !inputChecks.areBeside()) {
            run.delivery().addMessage(message);
        }
        var answer = converse(resumed, resumed == null && inputChecks.areBeside() ? message : null);
        run.enter(Phase.FINISHING, "finishing");
        run.emit(0, RunContentCompleted::new);
        runAfterHooks(answer);
        return typedAnswer == null ? null : typedAnswer.value();
    }

    /** The earlier runs that the model is told: a team has loaded more if its members are told more. */
    private List<StoredRun> earlier() {
        var all = run.earlier();
        var most = settings.history();
        return run.plan().options().follows() != null || all.size() <= most
                ? all
                : all.subList(all.size() - most, all.size());
    }

    /**
     * Takes turns until the model gives a valid answer without tool calls and the leader hooks want no further round.
     *
     * @param uncheckedMessage the message of the user, if guardrails check it beside the first response; null otherwise
     */
    private String converse(@Nullable ResumedRun resumed, @Nullable Message uncheckedMessage) throws Exception {
        var tools = settings.tools().stream().map(ToolSpec::definition).toList();
        var unchecked = uncheckedMessage;
        var correctionsLeft = settings.outputRetries();
        if (resumed != null) {
            batch().resume(resumed);
            var given = givenAnswer();
            if (given != null) {
                return given;
            }
            batch().checkProgress();
        }
        while (true) {
            var request = new ModelRequest(
                    conversation(unchecked),
                    tools,
                    typedAnswer == null ? null : typedAnswer.schema(),
                    requestSettings());
            var response = respond(request, unchecked);
            unchecked = null;
            if (!response.toolCalls().isEmpty()) {
                batch().execute(response.toolCalls());
                var given = givenAnswer();
                if (given != null) {
                    return given;
                }
                batch().checkProgress();
            } else if (accepts(response)) {
                var nextMessage = leaderHooks.nextMessage();
                if (nextMessage == null) {
                    return response.text();
                }
                run.delivery().addMessage(Message.user(nextMessage));
            } else if (correctionsLeft-- > 0) {
                run.delivery()
                        .addMessage(
                                Message.user(Objects.requireNonNull(typedAnswer).correction()));
            } else {
                throw new IllegalStateException(
                        Objects.requireNonNull(typedAnswer).failure());
            }
        }
    }

    private List<Message> conversation(@Nullable Message unchecked) {
        var messages = run.delivery().conversation();
        if (unchecked == null) {
            return messages;
        }
        var all = new ArrayList<>(messages);
        all.add(OutgoingRequests.nonBlank(unchecked));
        return all;
    }

    /** @param unchecked the message that becomes part of the conversation once it has passed; null for none */
    private ModelResponse respond(ModelRequest request, @Nullable Message unchecked) throws Exception {
        return unchecked == null
                ? new ModelCaller(settings, run.context(), toolChecks, null).respond(request)
                : inputChecks.besideModel(
                        (context, hold) -> new ModelCaller(settings, context, toolChecks, hold).respond(request),
                        () -> run.delivery().addMessage(unchecked));
    }

    /** A call that was required has been made once there was one: otherwise the model could never answer. */
    private ModelSettings requestSettings() {
        var choice = settings.settings().toolChoice();
        return batch != null && choice != null && choice.requiresCall()
                ? ModelSettings.builder().toolChoice(ToolChoice.AUTO).build().orElse(settings.settings())
                : settings.settings();
    }

    private ToolBatch batch() {
        var current = batch;
        if (current == null) {
            current = new ToolBatch(settings, run, toolChecks);
            batch = current;
        }
        return current;
    }

    /** The answer that a member or a tool gave in place of the model; null if the model is asked again. */
    private @Nullable String givenAnswer() {
        var routed = routedAnswer();
        var given = routed == null ? batch().earlyAnswer() : null;
        if (given == null) {
            return routed;
        }
        if (typedAnswer != null && !typedAnswer.accepts(given.text())) {
            if (given.isOptional()) {
                return null;
            }
            throw new IllegalStateException("tool " + given.tool() + " has ended the run, whose answer is not a "
                    + typedAnswer.typeName() + ": let the tool end runs without an answer type only");
        }
        if (!given.isShown()) {
            run.delivery().show(given.text(), null);
        }
        run.delivery().setAnswer(given.text(), null);
        return given.text();
    }

    /** The answer that a member gave in place of the leader; null if there is none or it does not have the answer type. */
    private @Nullable String routedAnswer() {
        var routed = leaderHooks.routedAnswer();
        if (routed == null || !(typedAnswer == null || typedAnswer.accepts(routed.text()))) {
            return null;
        }
        run.delivery().setAnswer(routed.text(), routed);
        return routed.text();
    }

    /** @throws ModelException if the answer must have a type and was cut off: to ask for a correction would cut it off again */
    private boolean accepts(ModelResponse response) {
        if (typedAnswer == null) {
            return true;
        }
        if (!response.finishReason().isCutOff()) {
            return typedAnswer.accepts(response.text());
        }
        if (typedAnswer.acceptsWhole(response.text())) {
            return true;
        }
        throw ResponseRules.cutOffAnswer(response, typedAnswer.typeName());
    }

    private RunInput checkedInput() throws Exception {
        var given = inputChecks.checkGiven(run.plan().input());
        return inputChecks.checkHooked(runBeforeHooks(given));
    }

    private RunInput runBeforeHooks(RunInput original) throws Exception {
        var input = original;
        for (var hook : settings.before()) {
            run.enter(Phase.WAITING, "hook " + hook.name());
            run.emit(0, meta -> new PreHookStarted(meta, hook.name()));
            input = Objects.requireNonNull(
                    runBeforeHook(hook, input),
                    () -> "hook \"" + hook.name() + "\" returned null: return the input to continue with");
            run.emit(0, meta -> new PreHookCompleted(meta, hook.name()));
        }
        return input;
    }

    private @Nullable RunInput runBeforeHook(AgentSettings.Named<BeforeHook> hook, RunInput input) throws Exception {
        return UserCode.call(
                run.context(),
                CallInterceptor.Kind.HOOK,
                hook.name(),
                () -> hook.hook().apply(input, run.context()));
    }

    private void runAfterHooks(String answer) throws Exception {
        var text = answer;
        for (var hook : settings.after()) {
            run.enter(Phase.FINISHING, "hook " + hook.name());
            run.emit(0, meta -> new PostHookStarted(meta, hook.name()));
            var given = text;
            var returned = Objects.requireNonNull(
                    runAfterHook(hook, given),
                    () -> "hook \"" + hook.name() + "\" returned null: return the text of the answer");
            if (returned.equals(given)) {
                run.emit(0, meta -> new PostHookCompleted(meta, hook.name()));
            } else {
                requireType(hook.name(), returned);
                run.emit(returned.length(), meta -> new PostHookCompleted(meta, hook.name(), returned));
                text = returned;
            }
        }
        if (!text.equals(answer)) {
            run.delivery().replaceAnswer(text);
        }
    }

    private @Nullable String runAfterHook(AgentSettings.Named<AnswerHook> hook, String text) throws Exception {
        return UserCode.call(
                run.context(),
                CallInterceptor.Kind.HOOK,
                hook.name(),
                () -> hook.hook().apply(text, run.context()));
    }

    private void requireType(String hook, String text) {
        if (typedAnswer != null && !typedAnswer.accepts(text)) {
            throw new IllegalStateException("hook \"" + hook + "\" returned a text that is not a valid "
                    + typedAnswer.typeName() + ": " + typedAnswer.problem());
        }
    }
}
