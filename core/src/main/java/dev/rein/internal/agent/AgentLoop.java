package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.agent.BeforeHook;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.stop.Phase;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunInput;
import dev.rein.run.event.PostHookCompleted;
import dev.rein.run.event.PostHookStarted;
import dev.rein.run.event.PreHookCompleted;
import dev.rein.run.event.PreHookStarted;
import dev.rein.run.event.RunContentCompleted;
import dev.rein.tool.ToolSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an agent does in a run: ask the model, call the tools that it wants, repeat until it has answered. */
public final class AgentLoop {
    private final AgentSettings settings;
    private final Run run;
    private final @Nullable TypedAnswer<?> typed;
    private final LeaderHooks leading;

    AgentLoop(AgentSettings settings, Run run, @Nullable Class<?> outputType) {
        this(settings, run, outputType, LeaderHooks.NOBODY);
    }

    /** @param leading what it does more when it leads a team */
    public AgentLoop(AgentSettings settings, Run run, @Nullable Class<?> outputType, LeaderHooks leading) {
        this.settings = settings;
        this.run = run;
        this.typed = outputType == null ? null : new TypedAnswer<>(outputType);
        this.leading = leading;
    }

    public @Nullable Object execute() throws Exception {
        var resumed = run.plan().resumed();
        var input = resumed == null ? checked(run.plan().input()) : run.plan().input();
        run.delivery().conversationBefore(Prompt.before(settings, run.earlier()));
        if (resumed == null) {
            run.delivery().say(Message.user(input.text(), input.images()));
        }
        var answer = converse(resumed);
        run.enter(Phase.FINISHING, "finishing");
        run.emit(0, RunContentCompleted::new);
        check(answer);
        return typed == null ? null : typed.value();
    }

    /** Turns, until the model asks for no more tools, and its answer fits and is the last. */
    private String converse(@Nullable ResumedRun resumed) throws Exception {
        var tools = settings.tools().stream().map(ToolSpec::definition).toList();
        var caller = new ModelCaller(settings, run);
        var batch = new ToolBatch(settings, run);
        var corrections = settings.outputRetries();
        if (resumed != null) {
            batch.resume(resumed);
            var routed = routed();
            if (routed != null) {
                return routed;
            }
        }
        while (true) {
            var request = new ModelRequest(run.delivery().conversation(), tools, typed == null ? null : typed.schema());
            var response = caller.ask(request);
            if (!response.toolCalls().isEmpty()) {
                batch.execute(response.toolCalls());
                var routed = routed();
                if (routed != null) {
                    return routed;
                }
            } else if (accepts(response.text())) {
                var more = leading.more();
                if (more == null) {
                    return response.text();
                }
                run.delivery().say(Message.user(more));
            } else if (corrections-- > 0) {
                run.delivery().say(Message.user(Objects.requireNonNull(typed).correction()));
            } else {
                throw new IllegalStateException(Objects.requireNonNull(typed).failure());
            }
        }
    }

    /** The answer that was given in its place, if it fits. */
    private @Nullable String routed() {
        var routed = leading.routed();
        if (routed == null || !accepts(routed)) {
            return null;
        }
        run.delivery().conclude(routed);
        return routed;
    }

    private boolean accepts(String text) {
        return typed == null || typed.accepts(text);
    }

    private RunInput checked(RunInput given) throws Exception {
        var input = given;
        for (var hook : settings.before()) {
            run.enter(Phase.WAITING, "hook " + hook.name());
            run.emit(0, meta -> new PreHookStarted(meta, hook.name()));
            input = Objects.requireNonNull(
                    before(hook, input),
                    () -> "hook \"" + hook.name() + "\" returned null: return the input to go on with");
            run.emit(0, meta -> new PreHookCompleted(meta, hook.name()));
        }
        return input;
    }

    private @Nullable RunInput before(AgentSettings.Named<BeforeHook> hook, RunInput input) throws Exception {
        return UserCode.call(
                run.context(),
                CallInterceptor.Kind.HOOK,
                hook.name(),
                () -> hook.hook().apply(input, run.context()));
    }

    private void check(String text) throws Exception {
        for (var hook : settings.after()) {
            run.enter(Phase.FINISHING, "hook " + hook.name());
            run.emit(0, meta -> new PostHookStarted(meta, hook.name()));
            UserCode.call(run.context(), CallInterceptor.Kind.HOOK, hook.name(), () -> {
                hook.hook().apply(text, run.context());
                return true;
            });
            run.emit(0, meta -> new PostHookCompleted(meta, hook.name()));
        }
    }
}
