package dev.rein.internal.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.AgentSettings;
import dev.rein.cancel.CancelledException;
import dev.rein.internal.pause.RunCheckpoint;
import dev.rein.internal.result.KeptResults;
import dev.rein.internal.result.ReadResult;
import dev.rein.internal.result.ResultText;
import dev.rein.internal.result.ToolResults;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.tool.Arguments;
import dev.rein.internal.tool.BoundMethod;
import dev.rein.model.ToolCall;
import dev.rein.queue.Checkpoints;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunFailure;
import dev.rein.tool.StopRunException;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tool.ToolCache;
import dev.rein.tool.ToolRetryException;
import dev.rein.tool.ToolSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the calls of tools in a run, from their arguments to the text for the model: from a cache, or with retries. Thread-safe. */
final class ToolCaller {
    private static final Logger log = LoggerFactory.getLogger(ToolCaller.class);

    private final AgentSettings settings;
    private final Run run;
    private final KeptResults results;
    private final ToolChecks checks;

    /** Those of this run, by the cache that a tool was given. */
    private final Map<ToolCache, ToolCache> caches = new ConcurrentHashMap<>();

    ToolCaller(AgentSettings settings, Run run, ToolChecks checks) {
        this.checks = checks;
        this.settings = settings;
        this.run = run;
        this.results = new KeptResults(settings.readableResults());
    }

    /** Forgets the results that were kept. Called at the end of the run. */
    void release() {
        results.release();
        caches.clear();
    }

    /** The text of a result that no tool has returned, such as an error. */
    String cut(ToolSpec tool, String text) {
        return results.cut(new ResultText(text, true), limit(tool));
    }

    /**
     * Makes a call on the thread of its subtask. Its result, or the exception that it throws, is as the guardrails let it pass.
     *
     * @param overrides values from a decision, which replace arguments of the same name
     */
    String call(ToolSpec tool, ToolCall call, Map<String, Object> overrides, Context context) throws Exception {
        String result;
        try {
            result = unchecked(tool, call, overrides, context);
        } catch (Exception | Error e) {
            context.cancellation().throwIfCancelled();
            var told = checks.error(tool, e, context);
            if (told instanceof Error error) {
                throw error;
            }
            throw (Exception) told;
        }
        return checks.result(tool, result, context);
    }

    private String unchecked(ToolSpec tool, ToolCall call, Map<String, Object> overrides, Context context)
            throws Exception {
        var arguments = Arguments.parse(call.arguments(), tool.definition().parameters());
        Arguments.put(arguments, overrides);
        if (!(tool.function() instanceof BoundMethod)) {
            Arguments.check(arguments, tool.definition());
        }
        if (tool.function() instanceof ReadResult) {
            return UserCode.call(
                    context,
                    CallInterceptor.Kind.TOOL_CALL,
                    tool.name(),
                    () -> run.delivery().toolEntered(call),
                    () -> results.read(arguments, limit(tool)));
        }
        return results.cut(result(tool, call, arguments, context), limit(tool));
    }

    private ResultText result(ToolSpec tool, ToolCall call, ObjectNode arguments, Context context) throws Exception {
        var given = tool.options().cache();
        if (given == null) {
            return repeated(tool, call, arguments, context);
        }
        var cache = caches.computeIfAbsent(given, ToolCache::forRun);
        // A copy, because the tool may change its arguments.
        var key = new ToolCache.Key(tool.name(), arguments.deepCopy(), results.charactersToRead(limit(tool)));
        var known = cache.entries().get(key);
        if (known != null) {
            return new ResultText(known.text(), known.complete());
        }
        var result = repeated(tool, call, arguments, context);
        if (!context.cancellation().isCancelled()) {
            cache.entries().put(key, arguments.toString().length(), result.text(), result.complete());
        }
        return result;
    }

    private ResultText repeated(ToolSpec tool, ToolCall call, ObjectNode arguments, Context context) throws Exception {
        var retries = tool.options().retries();
        for (int n = 1; ; n++) {
            try {
                return once(tool, call, retries == null ? arguments : arguments.deepCopy(), context);
            } catch (Exception e) {
                if (retries == null
                        || n > retries.retries()
                        || !isRepeatable(e)
                        || context.cancellation().isCancelled()) {
                    throw e;
                }
                var delay = retries.delay(n);
                log.info(
                        "A call of tool {} failed and is repeated in {} ms, {} of {}: {}",
                        tool.name(),
                        delay.toMillis(),
                        n,
                        retries.retries(),
                        RunFailure.of(e).describe());
                context.cancellation().sleep(delay);
            }
        }
    }

    /** Whether an exception may be gone the next time: not one that tells the model, or the run, what to do. */
    private static boolean isRepeatable(Exception e) {
        return !(e instanceof ToolArgumentException
                || e instanceof ToolRetryException
                || e instanceof StopRunException
                || e instanceof CancelledException
                || e instanceof InterruptedException);
    }

    private ResultText once(ToolSpec tool, ToolCall call, ObjectNode arguments, Context context) throws Exception {
        // Another process that takes the run up must know that the call may have had effects.
        RunCheckpoint.await(run, Checkpoints.TURN, () -> run.delivery().toolEntered(call), context.scope());
        return UserCode.call(
                context,
                CallInterceptor.Kind.TOOL_CALL,
                tool.name(),
                () -> run.delivery().toolEntered(call),
                () -> ToolResults.text(
                        tool.function().call(arguments, context),
                        results.charactersToRead(limit(tool)),
                        context.cancellation()));
    }

    private int limit(ToolSpec tool) {
        return tool.resultLimit() > 0 ? tool.resultLimit() : settings.toolResultLimit();
    }
}
